#pragma once

#include <filesystem>

#include "engine/checkpoint/checkpoint.hpp"

namespace sketchscope::checkpoint {

/// Reads a state dictionary saved by torch.save: the zip archive of today's PyTorch, or the plain
/// sequence of pickles from before 1.6. No code that the file describes is run. The file stays
/// mapped while the checkpoint lives. Throws Error where the file is damaged or of another format.
Checkpoint read_pytorch_file(const std::filesystem::path& file);

}  // namespace sketchscope::checkpoint
