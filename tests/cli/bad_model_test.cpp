#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using Json = nlohmann::json;

/// A model directory that is damaged before the program opens it.
class BadModel : public CommandFixture {
 protected:
  [[nodiscard]] ProgramResult logits() const {
    return run_on_tiny_model({"logits", "--tokens", "1"});
  }

  void replace_in_config(const std::string& key, const Json& value) const {
    const auto file = model() / "config.json";
    Json config = Json::parse(read_bytes(file));
    config[key] = value;
    write_bytes(file, config.dump());
  }

  void truncate(const std::string& name, std::size_t length) const {
    const std::string bytes = read_bytes(model() / name);
    ASSERT_LT(length, bytes.size());
    write_bytes(model() / name, bytes.substr(0, length));
  }

  void rewrite_weights(const std::function<void(checkpoint::Checkpoint&)>& damage) const {
    checkpoint::Checkpoint checkpoint = make_tiny_checkpoint({});
    damage(checkpoint);
    write_safetensors(checkpoint, model() / "model.safetensors");
  }
};

TEST_F(BadModel, IsNoFolder) {
  expect_refused(run({"logits", "--tokens", "1", "--model", "/no/such/model"}), 1,
                 {"/no/such/model"});
}

TEST_F(BadModel, LacksAFile) {
  std::filesystem::remove(model() / "model.safetensors");
  expect_refused(logits(), 1, {model(), "model.safetensors", "pytorch_model.bin"});
  std::filesystem::remove(model() / "config.json");
  expect_refused(logits(), 1, {"config.json"});
}

TEST_F(BadModel, HasATruncatedOrCorruptedFile) {
  truncate("model.safetensors", 2000);
  expect_refused(logits(), 1, {"model.safetensors"});
  truncate("model.safetensors", 5);
  expect_refused(logits(), 1, {"model.safetensors"});
  write_bytes(model() / "model.safetensors", std::string(4096, '\xff'));
  expect_refused(logits(), 1, {"model.safetensors"});
  write_bytes(model() / "model.safetensors", "");
  expect_refused(logits(), 1, {"model.safetensors"});
  truncate("config.json", 20);
  expect_refused(logits(), 1, {"config.json"});
}

TEST_F(BadModel, HasACorruptedPytorchFile) {
  std::filesystem::rename(model() / "model.safetensors", model() / "pytorch_model.bin");
  expect_refused(logits(), 1, {"pytorch_model.bin"});
  write_bytes(model() / "pytorch_model.bin", "");
  expect_refused(logits(), 1, {"pytorch_model.bin"});
}

TEST_F(BadModel, HasACorruptedIndexOfShards) {
  std::filesystem::remove(model() / "model.safetensors");
  write_bytes(model() / "model.safetensors.index.json", "{");
  expect_refused(logits(), 1, {"model.safetensors.index.json"});
  write_bytes(model() / "model.safetensors.index.json",
              R"({"weight_map": {"wte.weight": "missing.safetensors"}})");
  expect_refused(logits(), 1, {"missing.safetensors"});
}

TEST_F(BadModel, HasACorruptedTokenizer) {
  truncate("vocab.json", 100);
  expect_refused(logits(), 1, {"vocab.json"});
}

TEST_F(BadModel, LacksATensorOrHasItInAnotherShape) {
  rewrite_weights(
      [](checkpoint::Checkpoint& weights) { weights.tensors.erase("h.1.mlp.c_fc.weight"); });
  expect_refused(logits(), 1, {"h.1.mlp.c_fc.weight"});
  rewrite_weights([](checkpoint::Checkpoint& weights) {
    auto& shape = weights.tensors.at("h.0.attn.c_attn.weight").shape;
    std::swap(shape[0], shape[1]);
  });
  expect_refused(logits(), 1, {"h.0.attn.c_attn.weight", "16", "48"});
}

TEST_F(BadModel, HasAConfigurationThatMakesNoSense) {
  replace_in_config("n_head", 3);
  expect_refused(logits(), 1, {"config.json", "n_head", "3"});
  replace_in_config("n_head", 0);
  expect_refused(logits(), 1, {"config.json", "n_head", "0"});
  replace_in_config("n_head", "two");
  expect_refused(logits(), 1, {"config.json", "n_head"});
}

TEST_F(BadModel, HasAnActivationThatIsNotKnown) {
  replace_in_config("activation_function", "swish9");
  expect_refused(logits(), 1, {"config.json", "activation_function", "swish9"});
}

TEST_F(BadModel, IsOfAnUnknownFamily) {
  replace_in_config("model_type", "bert");
  expect_refused(logits(), 1, {"config.json", "bert", "gpt2", "llama"});
}

}  // namespace
}  // namespace sketchscope::support
