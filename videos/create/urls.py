"""URL patterns of the composer, its drafts, the model finder, races, batches and uploads."""

from django.urls import path

from videos.create import add_picture, reuse, templated, upload_views, views
from videos.create.finder import views as finder
from videos.create.many import views as many
from videos.create.race import views as race

urlpatterns = [
    path("t/<slug:team>/create/", views.create_form, name="create_form"),
    path("t/<slug:team>/create/models/", finder.models, name="models"),
    path("t/<slug:team>/create/models/choice/", finder.model_choice, name="model_choice"),
    path("t/<slug:team>/generations/", views.generate, name="generate"),
    path("t/<slug:team>/batch/", many.batch, name="batch"),
    path("t/<slug:team>/batch/sample/", many.batch_sample, name="batch_sample"),
    path("t/<slug:team>/batch/<uuid:batch>/", many.batch_made, name="batch_made"),
    path("t/<slug:team>/race/", race.race, name="race"),
    path("t/<slug:team>/draft/", views.draft, name="draft"),
    path("t/<slug:team>/drafts/", reuse.draft_list, name="drafts"),
    path("t/<slug:team>/drafts/<int:number>/", reuse.draft_choose, name="draft_choose"),
    path("t/<slug:team>/reuse/<uuid:public_id>/", reuse.reuse, name="reuse"),
    path("t/<slug:team>/reuse/templates/<str:named>/", templated.recipe_beside, name="recipe_beside"),
    path("t/<slug:team>/draft/pictures/", add_picture.draft_picture, name="draft_picture"),
    path("t/<slug:team>/uploads/", upload_views.uploads, name="uploads"),
    path("t/<slug:team>/uploads/<int:number>/", upload_views.upload_file, name="upload_file"),
    path("t/<slug:team>/uploads/<int:number>/poster/", upload_views.upload_poster, name="upload_poster"),
    path("t/<slug:team>/clips/<uuid:public_id>/continuation/", views.clip_continue, name="clip_continue"),
    path("t/<slug:team>/clips/<uuid:public_id>/frame/", add_picture.clip_frame, name="clip_frame"),
]
