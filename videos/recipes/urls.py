"""URL patterns of the templates. The code says recipe, people read "template"."""

from django.urls import path

from videos.recipes import edit_views, file_views, use_views, views

urlpatterns = [
    path("t/<slug:team>/templates/", views.recipes, name="recipes"),
    path("t/<slug:team>/templates/new/", edit_views.recipe_new, name="recipe_new"),
    path("t/<slug:team>/templates/file/", file_views.recipes_export, name="recipes_export"),
    path("t/<slug:team>/templates/import/", file_views.recipes_import, name="recipes_import"),
    path("t/<slug:team>/templates/shipped/<slug:slug>/", use_views.recipe_shipped, name="recipe_shipped"),
    path("t/<slug:team>/templates/shipped/<slug:slug>/copy/", views.recipe_copy, name="recipe_copy"),
    path("t/<slug:team>/templates/<int:number>/", views.recipe, name="recipe"),
    path("t/<slug:team>/templates/<int:number>/edit/", edit_views.recipe_edit, name="recipe_edit"),
    path("t/<slug:team>/templates/<int:number>/use/", use_views.recipe_use, name="recipe_use"),
    path("t/<slug:team>/templates/<int:number>/trash/", views.recipe_trash, name="recipe_trash"),
    path("t/<slug:team>/templates/<int:number>/restoration/", views.recipe_restore, name="recipe_restore"),
    path("t/<slug:team>/templates/<int:number>/<int:version>/", views.recipe, name="recipe_version"),
]
