// Loops over float buffers: no allocation, no state, no threads. Each file of this folder holds one family of them.
#pragma once
#include "scalar.h"
#include "convolution.h"
#include "floatingPoint.h"
#include "elementwise.h"
#include "fileFloats.h"
#include "blocks.h"
#include "gates.h"
#include "reduction.h"
#include "normalization.h"
#include "products.h"
#include "attention.h"
#include "winograd.h"
