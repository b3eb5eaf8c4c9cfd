#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.hpp"

namespace sketchscope::checkpoint {

/// Returns the numbers of a tensor of type F32, F16 or BF16 in row-major order. Where the tensor is
/// stored in another order or computed they are put into `room`, whose size then is that of the
/// shape: check the shape first, since an expanded tensor repeats numbers of a small file. Throws
/// Error naming
/// the tensor where its bytes do not hold all numbers of its shape.
[[nodiscard]] std::span<const std::byte> row_major_bytes(const std::string& name,
                                                         const CheckpointTensor& tensor,
                                                         std::vector<std::byte>& room);

/// Returns the bytes of one number. `type` must not be `other`.
[[nodiscard]] std::size_t element_bytes(CheckpointTensor::Type type);

/// Returns the place of the first NaN or infinity among numbers of a type other than `other`.
[[nodiscard]] std::optional<std::size_t> first_not_finite(CheckpointTensor::Type type,
                                                          std::span<const std::byte> numbers);

/// Throws Error naming `source`, the tensor, the index and the value of the first of its numbers
/// that is NaN or infinite. `numbers` are those of the tensor in row-major order.
void require_finite(const std::string& name, const CheckpointTensor& tensor,
                    std::span<const std::byte> numbers, const std::string& source);

}  // namespace sketchscope::checkpoint
