#pragma once

#include <filesystem>
#include <vector>

#include "engine/model/offered_models.hpp"

// Files that ship with the program. They are searched from the program's folder upwards: in
// `assets` of the checkout that it was built in, or in `share/sketchscope` of the prefix that it
// was installed to. All functions throw Error if the file is missing.
namespace sketchscope::cli {

/// Returns the embedded model, a Hugging Face directory.
std::filesystem::path embedded_model();

/// Returns the text file that the window starts from.
std::filesystem::path embedded_prompt();

/// Returns the models that get_model brings.
std::vector<model::OfferedModel> offered_models();

}  // namespace sketchscope::cli
