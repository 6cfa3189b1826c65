"""Templates as somebody would have saved them."""

from videos.models import Membership, Recipe, Team, User
from videos.recipes import changes


def member(team: Team, user: User) -> Membership:
    return Membership.objects.select_related("team", "user").get(team=team, user=user)


def a_recipe(
    team: Team, user: User, text: str = "{{product}} on {{surface}}", *, trashed: bool = False, **more
) -> Recipe:
    made = changes.create(member(team, user), **({"title": "Product shot", "text": text} | more))
    if trashed:
        changes.trash(member(team, user), made)
    return made
