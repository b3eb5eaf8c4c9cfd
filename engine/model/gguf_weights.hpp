#pragma once

#include <cstdint>
#include <memory>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/checkpoint/gguf_file.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::model {

/// What becomes of blocks: numbers when they are used, or blocks of Q8_0, Q4_0 and Q4_1 stay what
/// they are where all parts of a matrix have the same type.
enum class BlockUse : std::uint8_t { as_numbers, as_stored };

/// Returns the weights of a model as a checkpoint under the names of its family. Numbers of blocks
/// are computed in f32; rows of queries and keys whose halves alternate in the file are put in the
/// order of the family. Throws Error naming, as the file does, a tensor that is
/// missing, of another shape, of a type that is not read, or not part of the model.
[[nodiscard]] checkpoint::Checkpoint gguf_checkpoint(
    std::shared_ptr<const checkpoint::GgufFile> file, const ModelConfig& config, BlockUse use);

/// Returns the type in which `as_stored` holds the weights of a file that are not used as blocks:
/// f16 where any matrix lies in blocks, else as stored.
[[nodiscard]] checkpoint::WeightDtype gguf_dtype(const checkpoint::GgufFile& file,
                                                 checkpoint::WeightDtype dtype);

}  // namespace sketchscope::model
