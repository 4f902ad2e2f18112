"""Asking servers for feeds and pages: conditionally, politely, and within bounds."""
