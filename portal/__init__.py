"""守望 Shouwang: a county portal for the care of left-behind children. The way in is `portal.app`."""
