#include "cli/result_output.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "cli/standard_streams.hpp"

namespace sketchscope::cli {

ResultOutput::ResultOutput(const std::filesystem::path& json, std::stop_token stop, Words words)
    : stop_(std::move(stop)),
      json_on_standard_output_(json == "-"),
      words_on_standard_output_(!json_on_standard_output_ && words == Words::to_standard_output) {
  if (!json_on_standard_output_ && !json.empty()) {
    file_ = std::make_unique<core::PendingFile>(json);
  }
}

void ResultOutput::write(nlohmann::json json) {
  if (stop_.stop_requested()) json["partial"] = true;
  if (json_on_standard_output_) write_standard_output(json_text(json) + "\n");
  if (file_) {
    file_->stream() << json_text(json) << '\n';
    file_->commit();
  }
}

void ResultOutput::print(bool measured, const std::function<void(std::ostream&)>& print) const {
  std::ostringstream words;
  if (stop_.stop_requested() && measured) {
    words << "Interrupted; this is what was measured until then.\n";
  }
  if (measured) {
    print(words);
  } else {
    words << "Nothing was measured.\n";
  }
  if (words_on_standard_output_) {
    write_standard_output(words.str());
  } else {
    std::cerr << words.str();
  }
}

std::string json_text(const nlohmann::json& json) {
  constexpr int kOneLine = -1;
  return json.dump(kOneLine, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace sketchscope::cli
