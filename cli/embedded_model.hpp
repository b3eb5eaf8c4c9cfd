#pragma once

#include <filesystem>

namespace sketchscope {

/// What ships with the program, looked for beside it and in the checkout it was built in. Both
/// throw Error where it is missing.
std::filesystem::path embedded_model();   ///< a Hugging Face GPT-2 directory
std::filesystem::path embedded_prompt();  ///< a text file that the window starts from

}  // namespace sketchscope
