#include "cli/embedded_model.hpp"

#include "engine/core/error.hpp"

namespace sketchscope {

namespace {

std::filesystem::path find_asset(const std::filesystem::path& name) {
  const std::filesystem::path inside = "assets" / name;
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  for (auto folder = program.parent_path();; folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / inside)) return folder / inside;
    if (folder == folder.root_path()) break;
  }
  throw Error({.what = inside.string() + " was not found",
               .expected = "it in the folder of " + program.string() + " or in one above",
               .remedy = "Name a Hugging Face GPT-2 directory with --model"});
}

}  // namespace

std::filesystem::path embedded_model() {
  return find_asset("model/config.json").parent_path();
}

std::filesystem::path embedded_prompt() {
  return find_asset("prompts/tale.txt");
}

}  // namespace sketchscope
