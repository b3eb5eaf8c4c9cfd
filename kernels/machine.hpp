#pragma once

#include <cstdint>
#include <span>

#include "kernels/parallel.hpp"

// Measurements of the machine's memory bandwidth and arithmetic rate, with which benchmarks compare
// the operations.
namespace sketchscope::kernels {

/// Reads every number once, a contiguous share per thread, as fast as memory delivers. Returns
/// their sum, in an unspecified order.
float read_once(ThreadPool& pool, std::span<const float> values);

/// Runs `rounds` rounds of multiply-adds on registers alone, on every thread. Returns the number of
/// floating-point operations, two for each multiply-add.
double multiply_add_rounds(ThreadPool& pool, std::int64_t rounds);

}  // namespace sketchscope::kernels
