"""Heavy work: thin functions (ids in, one scope, one service call) and the runner that carries them."""
