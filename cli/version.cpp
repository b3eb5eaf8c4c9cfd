#include "cli/version.hpp"

#include "engine/core/file_formats.hpp"
#include "engine/core/program.hpp"

namespace sketchscope::cli {

std::string version_text() {
  std::string text = "sketchscope " + std::string(core::program_version());
  text += "\ncommit: " + std::string(program_commit());
  text += "\n" + torch_text();
  text += "\n" + core::cuda_text();
  text += "\n" + core::instructions_text();
  for (const core::FileFormat& format : core::kFileFormats) {
    text += "\nreads " + std::string(format.files) + ": " + std::string(format.schema);
    if (!format.earlier.empty()) text += ", " + std::string(format.earlier);
  }
  return text;
}

}  // namespace sketchscope::cli
