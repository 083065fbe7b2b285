// Nothing to call: start.c acts before everything else in the program that it is linked into.
#pragma once
