"""Template tags that show what is recorded of a job's money."""

from django import template

from videos.models import Job
from videos.usage import support_report

register = template.Library()


@register.simple_tag
def support_sheet(job: Job) -> str:
    """Plain text for the vendor's support; ``job`` comes with its key selected."""
    return support_report.support_report(job)
