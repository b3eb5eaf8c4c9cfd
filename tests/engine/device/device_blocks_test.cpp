// Models whose weights lie in the blocks of a GGUF file, on the GPU.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/core/files.hpp"
#include "engine/model/model_directory.hpp"
#include "tests/engine/device/both_devices.hpp"
#include "tests/support/whole_text.hpp"

namespace sketchscope::support {
namespace {

using BothDevicesWithBlocks = BothDevices;

// The expected logits are those of a dense pass over the dequantised numbers of a file, written by
// scripts/make_golden_gguf.py. A GPU rounds no inputs, so that it comes closer than a processor.
TEST_F(BothDevicesWithBlocks, HaveTheLogitsOfADensePassOverTheirNumbersOnTheGpu) {
  const std::filesystem::path folder =
      std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/gguf";
  for (const auto& [name, dtype] : std::vector<std::pair<std::string, std::string>>{
           {"llama-q8_0", "q8_0"}, {"llama-q4_0-biases", "q4_0"}, {"llama-q4_1", "q4_1"}}) {
    SCOPED_TRACE(name);
    const nlohmann::json golden = core::read_json_object(folder / (name + ".json"));
    const std::vector<int> tokens = golden.at("tokens");
    const std::vector<std::size_t> rows = golden.at("rows");
    const std::vector<std::vector<float>> logits = golden.at("logits");
    const model::LoadedModel loaded =
        model::open_model(folder / (name + ".gguf"), checkpoint::WeightDtype::as_stored,
                          {.device = core::Device::cuda});
    EXPECT_EQ(loaded.model->dtype_name(), dtype);
    decode::Session session(loaded.model, 1);
    const decode::LaneId lane = session.add_lane({});
    session.prefill(lane, std::span(tokens).first(rows.at(1) + 1));
    EXPECT_LE(relative_difference(session.lane(lane).logits(), logits.at(1)), 2e-5F);
    for (std::size_t i = rows.at(1) + 1; i < tokens.size(); ++i) {
      const decode::LaneInput input{.lane = lane, .token = tokens[i]};
      session.step({&input, 1});
    }
    ASSERT_EQ(rows.back() + 1, tokens.size());
    EXPECT_LE(relative_difference(session.lane(lane).logits(), logits.back()), 2e-5F);
  }
}

}  // namespace
}  // namespace sketchscope::support
