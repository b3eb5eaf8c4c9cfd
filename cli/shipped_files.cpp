#include "cli/shipped_files.hpp"

#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

std::filesystem::path find_shipped(const std::filesystem::path& name) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  std::error_code ignored;
  for (auto folder = program.parent_path();; folder = folder.parent_path()) {
    for (const char* inside : {"assets", "share/sketchscope"}) {
      if (std::filesystem::exists(folder / inside / name, ignored)) return folder / inside / name;
    }
    if (folder == folder.root_path()) break;
  }
  throw core::Error({.what = name.string() + " was not found",
                     .expected = "it in assets or share/sketchscope, in the folder of " +
                                 program.string() + " or in one above",
                     .remedy = "Install the program again, or name a Hugging Face directory or a "
                               "GGUF file with --model"});
}

}  // namespace

std::filesystem::path embedded_model() {
  return find_shipped("model/config.json").parent_path();
}

std::filesystem::path embedded_prompt() {
  return find_shipped("prompts/tale.txt");
}

std::vector<model::OfferedModel> offered_models() {
  return model::read_offered_models(find_shipped("models.json"), model::models_folder());
}

}  // namespace sketchscope::cli
