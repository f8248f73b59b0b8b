"""Who has to report: units, the campaigns that expect reports of them, and who has filed."""
