"""Sending: from a row of the ledger to the mail server's answer, written down."""
