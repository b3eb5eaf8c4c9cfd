#include <bit>
#include <cstring>
#include <limits>

#include "tests/field/weight_files.hpp"

namespace sketchscope::field {
namespace {

using support::TorchFile;
using ::testing::AllOf;
using ::testing::HasSubstr;
namespace pickled = support::pickled;

class WeightNumbers : public support::WeightFiles {
 protected:
  /// The model's weights with other bytes for one of its tensors.
  [[nodiscard]] checkpoint::Checkpoint with_bytes(const std::string& name,
                                                  const std::string& bytes) const {
    checkpoint::Checkpoint changed = weights_;
    auto owner = std::make_shared<std::string>(bytes);
    changed.tensors.at(name).bytes = std::as_bytes(std::span(*owner));
    changed.owners.push_back(std::move(owner));
    return changed;
  }

  /// Writes the model with one number of one tensor in place of its own.
  void write_with(const std::string& name, std::size_t place, float number) const {
    std::string bytes = bytes_of(weights_.tensors.at(name));
    std::memcpy(bytes.data() + 4 * place, &number, sizeof number);
    support::write_safetensors(with_bytes(name, bytes), folder() / "model.safetensors");
  }
};

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST_F(WeightNumbers, MustBeFiniteInEveryTensorAtEveryPlace) {
  for (const auto& [name, tensor] : weights_.tensors) {
    const std::size_t count = tensor.bytes.size() / 4;
    for (const std::size_t place : {std::size_t{0}, count / 2, count - 1}) {
      write_with(name, place, kNan);
      EXPECT_THAT(message(), AllOf(HasSubstr("tensor " + name), HasSubstr("found NaN")));
    }
  }
}

TEST_F(WeightNumbers, AreNamedByTheirIndexOnEveryAxis) {
  write_with("h.1.mlp.c_fc.weight", 5 * 64 + 63, kNan);
  EXPECT_THAT(message(), HasSubstr("h.1.mlp.c_fc.weight"));
  EXPECT_THAT(message(), HasSubstr("at (5, 63)"));
  write_with("ln_f.bias", 15, kNan);
  EXPECT_THAT(message(), HasSubstr("at (15)"));
}

TEST_F(WeightNumbers, AreNamedByTheirValue) {
  write_with("ln_f.bias", 1, kInfinity);
  EXPECT_THAT(message(), HasSubstr("found infinity"));
  write_with("ln_f.bias", 1, -kInfinity);
  EXPECT_THAT(message(), HasSubstr("found -infinity"));
  write_with("ln_f.bias", 1, -kNan);
  EXPECT_THAT(message(), HasSubstr("found NaN"));
}

TEST_F(WeightNumbers, MustBeFiniteInEveryTypeThatIsAskedFor) {
  write_with("wte.weight", 7, kNan);
  for (const checkpoint::WeightDtype dtype :
       {checkpoint::WeightDtype::f32, checkpoint::WeightDtype::f16, checkpoint::WeightDtype::bf16,
        checkpoint::WeightDtype::int8, checkpoint::WeightDtype::as_stored}) {
    EXPECT_THAT(message(dtype), HasSubstr("wte.weight"));
  }
}

TEST_F(WeightNumbers, MustBeFiniteInHalvesAndBfloats) {
  const std::vector<std::pair<checkpoint::CheckpointTensor::Type, std::uint16_t>> infinities = {
      {checkpoint::CheckpointTensor::Type::f16, 0xFC00},
      {checkpoint::CheckpointTensor::Type::bf16, 0xFF80}};
  for (const auto& [type, bits] : infinities) {
    std::string bytes(32, '\0');
    std::memcpy(bytes.data() + 6, &bits, sizeof bits);
    checkpoint::Checkpoint changed = with_bytes("ln_f.bias", bytes);
    checkpoint::CheckpointTensor& tensor = changed.tensors.at("ln_f.bias");
    tensor.type = type;
    tensor.type_name = type == checkpoint::CheckpointTensor::Type::f16 ? "F16" : "BF16";
    support::write_safetensors(changed, folder() / "model.safetensors");
    EXPECT_THAT(message(), AllOf(HasSubstr("at (3)"), HasSubstr("found -infinity")));
  }
}

TEST_F(WeightNumbers, MayBeTheLargestAndTheSmallestThatThereAre) {
  for (const float number :
       {std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest(),
        std::numeric_limits<float>::denorm_min()}) {
    write_with("ln_f.bias", 1, number);
    EXPECT_EQ(message(), "") << number;
  }
}

TEST_F(WeightNumbers, MustFitTheTypeThatIsAskedFor) {
  write_with("h.0.attn.c_attn.weight", 2 * 48 + 7, 1e6F);
  EXPECT_EQ(message(checkpoint::WeightDtype::bf16), "");
  EXPECT_THAT(message(checkpoint::WeightDtype::f16),
              AllOf(HasSubstr("h.0.attn.c_attn.weight"), HasSubstr("at (2, 7)"),
                    HasSubstr("found 1000000"), HasSubstr("bf16")));
}

TEST_F(WeightNumbers, ArePlacedAsInPythonWhereTheyLieTransposed) {
  TorchFile file;
  Entries entries = plain_entries(file);
  for (auto& [name, value] : entries) {
    if (name != "wpe.weight") continue;
    std::string bytes = bytes_of(weights_.tensors.at(name));
    std::memcpy(bytes.data() + std::size_t{4} * (3 * 64 + 9), &kNan, sizeof kNan);
    value = TorchFile::tensor(file.storage(bytes), 0, {64, 16}, {1, 64});
  }
  write_bin(file.zip(pickled::ordered(entries)));
  EXPECT_THAT(message(), AllOf(HasSubstr("wpe.weight"), HasSubstr("at (9, 3)")));
}

TEST_F(WeightNumbers, MayBeInfiniteInTensorsThatAreNoWeights) {
  checkpoint::Checkpoint more = weights_;
  const std::string mask(64, '\xFF');  // NaN in every place
  more.tensors["h.0.attn.masked_bias"] = more.tensors.at("ln_f.bias");
  more.tensors.at("h.0.attn.masked_bias").bytes = std::as_bytes(std::span(mask));
  support::write_safetensors(more, folder() / "model.safetensors");
  expect_the_model();
}

}  // namespace
}  // namespace sketchscope::field
