#pragma once

#include <filesystem>
#include <vector>

#include "engine/model/model_directory.hpp"

namespace sketchscope {

/// The first `most` tokens of a text file. Throws Error on a file that cannot be read and a model
/// without a tokenizer.
std::vector<int> first_tokens(const LoadedModel& model, const std::filesystem::path& text,
                              int most);

}  // namespace sketchscope
