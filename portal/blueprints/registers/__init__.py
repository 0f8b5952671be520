"""Registers: a roster comes in, is shown, confirmed, and gives refused rows back. Service: registers."""

from flask import Blueprint

bp = Blueprint("registers", __name__, template_folder="templates")

from portal.blueprints.registers import views  # noqa: E402

__all__ = ["bp", "views"]
