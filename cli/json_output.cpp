#include "cli/json_output.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"

namespace sketchscope {

JsonOutput::JsonOutput(const std::filesystem::path& target) : to_standard_output_(target == "-") {
  if (!to_standard_output_ && !target.empty()) file_ = std::make_unique<PendingFile>(target);
}

void JsonOutput::write(const nlohmann::json& json) {
  if (to_standard_output_) write_standard_output(json_text(json) + "\n");
  if (file_) {
    file_->stream() << json_text(json) << '\n';
    file_->commit();
  }
}

std::string json_text(const nlohmann::json& json) {
  constexpr int kOneLine = -1;
  return json.dump(kOneLine, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write_standard_output(std::string_view bytes) {
  std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush();
  if (!std::cout) {
    throw Error({.what = "standard output cannot be written",
                 .remedy = "Check that its reader is there and that the disk has space"});
  }
}

}  // namespace sketchscope
