"""Rows and their invariants. No work in save(), no signals."""

from .budgets import Budget, BudgetRequest, Measure, OwnEstimate, Rate, Threshold
from .jobs import Job, JobPicture, Output, Relation, SpendAttempt
from .keys import KeyState, VendorKey, empty_keys
from .letters import Letter
from .log import AccountPace, CallbackDelivery, Event, Heartbeat, Lease
from .people import Invite, Membership, Role, Team, Theme, User
from .recipes import Recipe, RecipeAnswers, RecipeVersion
from .work import Draft, Project, Prompt, Upload, normalised, prompt_hash

__all__ = [
    "AccountPace", "Budget", "BudgetRequest", "CallbackDelivery", "Draft", "Event", "Heartbeat", "Invite", "Job",
    "JobPicture", "KeyState", "Lease", "Letter", "Measure", "Membership", "Output", "OwnEstimate", "Project", "Prompt", "Rate",
    "Recipe", "RecipeAnswers", "RecipeVersion", "Relation", "Role", "SpendAttempt", "Team", "Theme", "Threshold", "Upload",
    "User", "VendorKey", "empty_keys", "normalised", "prompt_hash",
]  # fmt: skip
