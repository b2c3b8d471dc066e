"""Proposals: tonight, a week's plan, rules and weights. German: Vergabe"""
