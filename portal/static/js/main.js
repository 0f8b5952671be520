// Small comforts; every page works without them.
import { menus } from "./menu.js";
import { passwords } from "./password.js";
import { steppers } from "./stepper.js";
import { dates } from "./dates.js";
import { keys } from "./keys.js";
import { strengths } from "./strength.js";
import { activation } from "./activation.js";
import { polls } from "./poll.js";

menus(document);
passwords(document);
steppers(document);
dates(document);
keys(document);
polls(document);
strengths(document);
activation(document);
