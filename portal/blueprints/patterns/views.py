"""Views of the patterns room."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template

from portal.blueprints.patterns import bp
from portal.blueprints.patterns.forms import SampleForm
from portal.config import today
from portal.web.guards import public


@bp.get("/patterns/")
@public("components without data, for those who build pages")
def index() -> str:
    later = today() + timedelta(days=3)
    form = SampleForm(data={"count": 4, "visited_on": later, "met_on": today(), "minutes": 40, "kind": "home",
                            "topics": ["study", "family"]})  # fmt: skip
    form.visited_on.errors = ["日期在今天之后，请改为今天或更早。"]
    return render_template("patterns/index.html", form=form)
