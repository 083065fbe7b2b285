// Coefficients of 2^r for |r| <= 1/2, relative error 3e-9 (Remez, with 1 as the constant term).
#pragma once

#define EXP2_1 6.9314721497e-01f
#define EXP2_2 2.4022652783e-01f
#define EXP2_3 5.5503105510e-02f
#define EXP2_4 9.6176929730e-03f
#define EXP2_5 1.3406643902e-03f
#define EXP2_6 1.5594678161e-04f
