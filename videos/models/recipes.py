"""Words that a team writes once and fills in many times. People call them templates; here
they are recipes, because a template is something else in Django."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Team, User


class Recipe(models.Model):
    """``private``: its maker's alone. ``sought``: title, description and newest words, folded,
    for the search."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="recipes")
    title = models.CharField(_("title"), max_length=120)
    description = models.CharField(_("description"), max_length=500, blank=True)
    private = models.BooleanField(default=False)
    sought = models.TextField(blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team", "-changed_at", "-id"], name="recipe_newest")]

    def __str__(self):
        return self.title


class RecipeVersion(models.Model):
    """What a template said at one time. Never changed: saving other words makes the next
    number. ``model`` may be empty (whatever stands in the form), and so may ``options``."""

    recipe = models.ForeignKey(Recipe, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    model = models.CharField(max_length=100, blank=True)  # "vendor/model"
    options = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["recipe", "number"], name="versions_are_numbered")]


class RecipeAnswers(models.Model):
    """What somebody last typed into a template's gaps; personal. ``of``: the id of a recipe,
    or the name of one that ships with the studio."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    of = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user", "of"], name="one_answer_per_person")]
