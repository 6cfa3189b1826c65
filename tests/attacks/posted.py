"""What is sent to the forms behind pages, and what each kind of person is answered then."""

from tests.attacks.doors import person, team
from tests.attacks.house import PRESSED
from tests.builders import MODEL

WORDS = {"title": "A title", "text": "A {{thing}}"}

# These answer GET and act on POST.
ALSO_POST = {
    "profile": {"theme": "dark"},
    "batch": PRESSED | {"rows": "A harbour", "do": "check"},
    "race": PRESSED,
    "recipe_new": WORDS,
    "recipe_edit": WORDS,
    "recipe_use": {"var.product": "A watch", "var.surface": "slate"},
    "recipe_shipped": {"var.person": "A diver"},
    "reuse": {"take": "theirs"},
    "recipe_beside": {"take": "theirs"},
    "team_new": {"name": "Another"},
    "invite": {},
    "bring_in": {"task_id": "task-9", "model": MODEL},
    "budgets": {"scope": "team:", "unit": "money:", "currency": "EUR", "amount": "7"},
    "keys": {"vendor": "defapi", "kind": "rehearsal", "owner": "team", "key": ""},
    "key_replace": {"key": ""},
    "account_login": {},
    "account_signup": {},
    "account_logout": {},
    "account_reauthenticate": {},
    "account_email": {"email": "mine@evil.example"},
    "account_sessions_end": {},
    "account_change_password": {},
    "account_reset_password": {},
}

ONESELF = person("POST", 302, 302).expects
MAKES = team("POST", "maker", 302).expects

# What each kind of person is answered then.
POSTED: dict[str, dict[str, int]] = {
    "profile": ONESELF,
    "team_new": ONESELF,
    "invite": ONESELF | {"anonymous": 200},  # who is asked to sign in first
    "keys": MAKES | {"maker": 422},  # a team's key: theirs would be their own
    "key_replace": team("POST", "admin", 302).expects,
    "budgets": team("POST", "admin", 302).expects,
    "batch": team("POST", "maker", 200).expects,  # checked, and not pressed yet
    "race": team("POST", "maker", 422).expects,  # of no models
    "recipe_new": MAKES,
    "recipe_edit": MAKES,
    "recipe_use": team("POST", "maker", 303).expects,
    "recipe_shipped": team("POST", "maker", 422).expects,  # a gap is open
    "reuse": MAKES,
    "recipe_beside": MAKES,
    "bring_in": team("POST", "maker", 422).expects,  # with no key
    "account_login": ONESELF | {"anonymous": 200},
    "account_signup": ONESELF | {"anonymous": 200},
    "account_logout": ONESELF,
    "account_reauthenticate": person("POST", 302, 200).expects,
    "account_email": person("POST", 302, 422).expects,  # without the password
    "account_sessions_end": person("POST", 302, 422).expects,
    "account_change_password": person("POST", 302, 200).expects,
    "account_reset_password": person("POST", 200, 200).expects,
}
# django-allauth's own: they answer like any other opening, and do nothing.
DEAF = {
    "account_confirm_email",
    "account_reset_password_from_key",
}
