#pragma once

#include <cstdint>
#include <span>

#include "kernels/parallel.hpp"

// What the machine could do at best, for operations to be compared with: no part of a model.
namespace sketchscope {

/// Reads every number once, a contiguous share per thread, as fast as memory delivers. Returns
/// their sum, in an order of its own.
float read_once(ThreadPool& pool, std::span<const float> values);

/// `rounds` rounds of multiply-adds on registers alone, on every thread. Returns how many
/// floating-point operations that were, two for each multiply-add.
double multiply_add_rounds(ThreadPool& pool, std::int64_t rounds);

}  // namespace sketchscope
