#pragma once
float ck_logf(float x);
float ck_expf(float x);
float ck_cosf(float x);
float ck_sinf(float x);
