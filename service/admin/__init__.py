"""What the duties work with: templates, the audit trail, the state of the installation, accounts in bulk."""
