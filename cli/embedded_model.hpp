#pragma once

#include <filesystem>

namespace sketchscope {

/// Paths of files that ship with the program, searched beside it and in the checkout it was built
/// from. Both throw Error if the file is missing.
std::filesystem::path embedded_model();   ///< a Hugging Face GPT-2 directory
std::filesystem::path embedded_prompt();  ///< a text file that the window starts from

}  // namespace sketchscope
