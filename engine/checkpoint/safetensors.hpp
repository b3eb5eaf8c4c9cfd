#pragma once

#include <filesystem>

#include "engine/checkpoint/checkpoint.hpp"

namespace sketchscope::checkpoint {

/// Reads one safetensors file: 8 bytes of header length, a JSON header with each tensor's dtype,
/// shape and offsets, then the bytes. The file stays mapped while the checkpoint lives. Throws
/// Error unless the tensors cover the bytes exactly, without gap or overlap. Format:
/// https://huggingface.co/docs/safetensors
Checkpoint read_safetensors(const std::filesystem::path& file);

}  // namespace sketchscope::checkpoint
