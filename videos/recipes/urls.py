"""The addresses of this room. People call a recipe a template."""

from django.urls import path

from . import carrying, filling, views, writing

urlpatterns = [
    path("t/<slug:team>/templates/", views.recipes, name="recipes"),
    path("t/<slug:team>/templates/new/", writing.recipe_new, name="recipe_new"),
    path("t/<slug:team>/templates/file/", carrying.recipes_export, name="recipes_export"),
    path("t/<slug:team>/templates/import/", carrying.recipes_import, name="recipes_import"),
    path("t/<slug:team>/templates/shipped/<slug:slug>/", filling.recipe_shipped, name="recipe_shipped"),
    path("t/<slug:team>/templates/shipped/<slug:slug>/copy/", views.recipe_copy, name="recipe_copy"),
    path("t/<slug:team>/templates/<int:number>/", views.recipe, name="recipe"),
    path("t/<slug:team>/templates/<int:number>/edit/", writing.recipe_edit, name="recipe_edit"),
    path("t/<slug:team>/templates/<int:number>/use/", filling.recipe_use, name="recipe_use"),
    path("t/<slug:team>/templates/<int:number>/trash/", views.recipe_trash, name="recipe_trash"),
    path("t/<slug:team>/templates/<int:number>/restoration/", views.recipe_restore, name="recipe_restore"),
    path("t/<slug:team>/templates/<int:number>/<int:version>/", views.recipe, name="recipe_version"),
]
