"use strict";
// The page's policy lets nothing inline run; without this file the button does the same.
document.getElementById("autopost")?.submit();
