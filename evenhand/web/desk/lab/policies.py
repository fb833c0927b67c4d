"""The ways of selling support that a page offers. A test holds them to what `evenhand lab presets` says."""

POLICIES = {
    "flat": "The same for everyone",
    "first_come": "First come, first served",
    "shortest_promise": "Shortest promise first",
    "strict_tiers": "Strict tiers",
    "tier_promises": "First reply in 72, 48, 24 or 4 hours by plan",
    "severity_by_plan": "Severity × plan",
    "percent_of_spend": "Percent of spend",
    "weighted_tiers": "Weighted tiers",
    "class_order": "Strict order of classes",
    "per_seat": "By seats",
    "per_project": "By project",
    "per_incident": "By the incident",
    "prepaid_hours": "Prepaid hours",
    "time_limited": "Six months from purchase",
    "monthly_allotment": "Monthly allotment",
    "seat_allotment": "Allotment by seats",
    "fair_use": "Quota with a fair-use review",
    "sliding_scale": "Sliding scale by use",
    "pay_by_use": "Pay by use",
    "premium_order": "Premium add-on: ahead of the line",
    "premium_team": "A team of its own for the best-paying plan",
}
AT_FIRST = ("flat", "strict_tiers", "premium_team")
MOST = 6
