"""What an operator gets wrong, a finding each, with what mends it. It looks: nothing is built, nothing is changed."""

from flows.doctor.examination import examine
from flows.doctor.findings import Finding, print_findings

__all__ = ["Finding", "examine", "print_findings"]
