#include <cstdint>
#include <cstring>
#include <list>
#include <span>
#include <string>
#include <vector>

#include "tests/field/weight_files.hpp"

// Files whose tensors have different types, as quantisers and trainers that save a part in 32 bits
// leave them.
namespace sketchscope::field {
namespace {

using ::testing::FloatNear;
using ::testing::Pointwise;
using Type = checkpoint::CheckpointTensor::Type;

class MixedTypes : public support::WeightFiles {
 protected:
  /// The nearest bfloat16 of each number, ties to even; or these as floats.
  enum class As : bool { bfloats, floats };
  void round(checkpoint::Checkpoint& weights, const std::string& name, As as) {
    checkpoint::CheckpointTensor& tensor = weights.tensors.at(name);
    std::string& bytes = rooms_.emplace_back();
    for (std::size_t at = 0; at < tensor.bytes.size(); at += sizeof(float)) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, tensor.bytes.data() + at, sizeof bits);
      bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000;
      const auto* const begin = reinterpret_cast<const char*>(&bits);
      bytes.append(as == As::bfloats ? begin + 2 : begin, as == As::bfloats ? 2 : 4);
    }
    tensor.bytes = std::as_bytes(std::span(bytes));
    if (as == As::floats) return;
    tensor.type = Type::bf16;
    tensor.type_name = "BF16";
  }
  [[nodiscard]] model::LoadedModel opened(const checkpoint::Checkpoint& weights) const {
    support::write_safetensors(weights, folder() / "model.safetensors");
    return model::open_model(folder(), checkpoint::WeightDtype::as_stored);
  }
  [[nodiscard]] std::vector<float> logits_with(const checkpoint::Checkpoint& weights) const {
    return logits_of(*opened(weights).model);
  }

 private:
  std::list<std::string> rooms_;
};

TEST_F(MixedTypes, KeepEveryMatrixAsItIsStored) {
  for (const std::string narrow : {"wte.weight", "h.0.attn.c_attn.weight", "h.1.mlp.c_fc.weight"}) {
    SCOPED_TRACE(narrow);
    checkpoint::Checkpoint mixed = weights_;
    round(mixed, narrow, As::bfloats);
    checkpoint::Checkpoint floats = weights_;
    round(floats, narrow, As::floats);
    EXPECT_THAT(logits_with(mixed), Pointwise(FloatNear(1e-5F), logits_with(floats)));
  }
}

TEST_F(MixedTypes, ShowTheTypeThatMostNumbersHave) {
  checkpoint::Checkpoint mixed = weights_;
  round(mixed, "wpe.weight", As::bfloats);
  round(mixed, "h.0.attn.c_proj.weight", As::bfloats);
  EXPECT_EQ(opened(mixed).model->dtype_name(), "f32");
}

TEST_F(MixedTypes, DoNotMakeACopyOfTheEmbeddingAHeadOfItsOwn) {
  checkpoint::Checkpoint tied = weights_;
  round(tied, "wte.weight", As::bfloats);
  const std::size_t bytes = opened(tied).model->weight_bytes();
  const std::vector<float> expected = logits_with(tied);
  checkpoint::Checkpoint with_head = tied;
  with_head.tensors["lm_head.weight"] = weights_.tensors.at("wte.weight");
  EXPECT_EQ(opened(with_head).model->weight_bytes(), bytes);
  EXPECT_EQ(logits_with(with_head), expected);

  std::string changed = bytes_of(weights_.tensors.at("wte.weight"));
  const float other = 9;
  std::memcpy(changed.data(), &other, sizeof other);
  checkpoint::Checkpoint with_another = with_head;
  with_another.tensors.at("lm_head.weight").bytes = std::as_bytes(std::span(changed));
  EXPECT_GT(opened(with_another).model->weight_bytes(), bytes);
}

}  // namespace
}  // namespace sketchscope::field
