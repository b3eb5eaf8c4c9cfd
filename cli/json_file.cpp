#include "cli/json_file.hpp"

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::cli {

nlohmann::json read_json_file(const std::filesystem::path& file, const std::string& expected) {
  const std::string text = core::read_file(file);
  nlohmann::json json = core::parse_json(text);
  if (!json.is_discarded()) return json;
  throw core::UsageError(
      {.what = file.string(), .found = core::json_problem(text), .expected = expected});
}

}  // namespace sketchscope::cli
