#include "gui/cli/embedded_model.hpp"

#include "engine/core/error.hpp"

namespace sketchscope {

std::filesystem::path embedded_model() {
  const std::filesystem::path inside = "assets/model";
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  for (auto folder = program.parent_path();; folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / inside / "config.json")) return folder / inside;
    if (folder == folder.root_path()) break;
  }
  throw Error({.what = "the embedded model was not found",
               .expected = inside.string() + " in the folder of " + program.string() +
                           " or in one above it",
               .remedy = "Name a Hugging Face GPT-2 directory with --model"});
}

}  // namespace sketchscope
