// Compares what `generate` records that a prompt lost with the positions that kvpress keeps
// (scripts/make_kvpress_golden.py).
#include <algorithm>
#include <map>
#include <numeric>
#include <sstream>
#include <utility>

#include "engine/core/files.hpp"
#include "engine/model/families/family.hpp"
#include "tests/cli/command_fixture.hpp"
#include "tests/support/named_weights.hpp"

namespace sketchscope::support {
namespace {

using Json = nlohmann::json;

class KvpressCommand : public CommandFixture {
 protected:
  KvpressCommand() {
    std::filesystem::create_directory(llama());
    Json config = golden_.at("config");
    config["model_type"] = "llama";
    write_bytes(llama() / "config.json", config.dump());
    write_safetensors(named_weights(model::read_model_config(llama()), "kvpress"),
                      llama() / "model.safetensors");
  }

  [[nodiscard]] std::filesystem::path llama() const { return model().parent_path() / "llama"; }

  /// The record of the step that takes the whole prompt under these knobs.
  [[nodiscard]] Json record_of_the_prompt(const Json& knobs) const {
    std::ostringstream tokens;
    for (const int token : golden_.at("tokens")) tokens << token << ' ';
    const std::filesystem::path file = output() / "steps.jsonl";
    std::vector<std::string> arguments = {
        "generate", "--model",     llama().string(), "--tokens", tokens.str(),  "--max-new-tokens",
        "1",        "--prefill",   "full",           "--record", file.string(), "--json",
        "-",        "--ignore-eos"};
    for (const auto& [name, value] : knobs.items()) {
      std::string flag = "--" + name;
      std::ranges::replace(flag, '_', '-');
      arguments.push_back(flag);
      arguments.push_back(value.is_string() ? value.get<std::string>() : value.dump());
    }
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::ifstream lines(file);
    std::string first;
    std::getline(lines, first);
    return Json::parse(first);
  }

  const Json golden_ = core::read_json_object(std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) /
                                              "tests/golden/kvpress.json");
};

TEST_F(KvpressCommand, RecordsThatAPromptKeepsWhatKvpressKeeps) {
  int compared = 0;
  for (const Json& one : golden_.at("cases")) {
    // Expected attention that is not weighed by the norm of values has no name of its own.
    if (!one.at("weighs_by_norm").get<bool>()) continue;
    SCOPED_TRACE(one.at("name").get<std::string>());
    const Json record = record_of_the_prompt(one.at("knobs"));
    ASSERT_EQ(record.at("tokens"), golden_.at("tokens"));
    std::map<std::pair<int, int>, std::vector<int>> kept;  // by layer and key/value head
    const std::size_t heads = golden_.at("config").at("num_key_value_heads");
    std::vector<int> all(golden_.at("tokens").size());
    std::iota(all.begin(), all.end(), 0);
    for (std::size_t layer = 0; layer < one.at("kept").size(); ++layer) {
      for (std::size_t head = 0; head < heads; ++head)
        kept[{static_cast<int>(layer), static_cast<int>(head)}] = all;
    }
    for (const Json& lost : record.at("evictions")) {
      EXPECT_EQ(lost.at("reason"), "prompt cut");
      for (auto& [place, positions] : kept) {
        const bool is_here = place.first == lost.at("layer").get<int>() &&
                             (!lost.contains("head") || place.second == lost.at("head").get<int>());
        if (is_here) std::erase(positions, lost.at("position").get<int>());
      }
    }
    for (const auto& [place, positions] : kept) {
      const Json& expected = one.at("kept")[static_cast<std::size_t>(place.first)];
      const auto head = std::min(static_cast<std::size_t>(place.second), expected.size() - 1);
      EXPECT_EQ(positions, expected[head].get<std::vector<int>>())
          << "layer " << place.first << ", head " << place.second;
    }
    ++compared;
  }
  EXPECT_GE(compared, 18);
}

}  // namespace
}  // namespace sketchscope::support
