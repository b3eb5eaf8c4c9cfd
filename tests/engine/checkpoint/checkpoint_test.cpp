#include "engine/checkpoint/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstring>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/random.hpp"
#include "engine/model/model.hpp"
#include "engine/model/model_directory.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::checkpoint {
namespace {

using support::read_bytes;
using support::TemporaryDirectory;
using support::write_bytes;
using ::testing::HasSubstr;

std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/models" / name;
}

/// A copy of a golden model in which one file may be damaged.
class DamagedModel {
 public:
  DamagedModel(const std::string& model, const std::string& file) : file_(file) {
    for (const auto& entry : std::filesystem::directory_iterator(golden(model))) {
      std::filesystem::copy(entry.path(), directory_.path());
    }
    original_ = read_bytes(path());
  }

  [[nodiscard]] const std::string& original() const { return original_; }
  [[nodiscard]] std::filesystem::path path() const { return directory_.path() / file_; }

  /// The message that opening the model with these bytes ends in; empty if it opens.
  [[nodiscard]] std::string message_with(const std::string& bytes) const {
    write_bytes(path(), bytes);
    try {
      model::open_model(directory_.path(), WeightDtype::as_stored);
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  }

 private:
  TemporaryDirectory directory_;
  std::string file_;
  std::string original_;
};

/// Header and data of a safetensors file, to be changed and put together again.
struct Safetensors {
  explicit Safetensors(const std::string& bytes) {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    header = nlohmann::json::parse(bytes.substr(8, length));
    data = bytes.substr(8 + length);
  }

  [[nodiscard]] std::string bytes() const {
    const std::string text = header.dump();
    const std::uint64_t length = text.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text + data;
  }

  nlohmann::json header;
  std::string data;
};

constexpr const char* kQkv = "transformer.h.0.attn.c_attn.weight";

class WeightFile : public ::testing::TestWithParam<std::pair<const char*, const char*>> {
 protected:
  const DamagedModel model_{GetParam().first, GetParam().second};
};

TEST_P(WeightFile, IsRefusedByNameWhereverItIsCutShort) {
  core::SplitMix64 random(17);
  for (int i = 0; i < 150; ++i) {
    const std::size_t length =
        i < 40 ? static_cast<std::size_t>(i) : random.below(model_.original().size());
    EXPECT_THAT(model_.message_with(model_.original().substr(0, length)),
                HasSubstr(model_.path().string()))
        << "cut to " << length << " bytes";
  }
}

TEST_P(WeightFile, IsReadOrRefusedByNameWhicheverBytesAreChanged) {
  core::SplitMix64 random(23);
  const std::size_t size = model_.original().size();
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    std::string bytes = model_.original();
    // Half of the changes hit the first part, where headers are, and a quarter the last.
    const std::size_t near = std::min<std::size_t>(size, 3000);
    for (std::uint64_t changes = 1 + random.below(4); changes > 0; --changes) {
      const std::size_t place = random.below(2) == 0   ? random.below(near)
                                : random.below(2) == 0 ? size - 1 - random.below(near)
                                                       : random.below(size);
      bytes[place] = static_cast<char>(random.below(256));
    }
    const std::string message = model_.message_with(bytes);
    if (!message.empty()) {
      ++refused;
      EXPECT_THAT(message, HasSubstr(model_.path().parent_path().string()));
    }
  }
  EXPECT_GT(refused, 20);
}

INSTANTIATE_TEST_SUITE_P(EachKind, WeightFile,
                         ::testing::Values(std::pair("plain", "model.safetensors"),
                                           std::pair("sharded", "model-00002-of-00003.safetensors"),
                                           std::pair("sharded", "model.safetensors.index.json"),
                                           std::pair("pickled", "pytorch_model.bin"),
                                           std::pair("pickled-before-1.6", "pytorch_model.bin")),
                         [](const auto& instance) {
                           std::string name =
                               std::string(instance.param.first) + instance.param.second;
                           std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
                           return name;
                         });

class SafetensorsHeader : public ::testing::Test {
 protected:
  /// The message after a change of one tensor's entry.
  std::string message_after(const std::string& field, const nlohmann::json& value) const {
    Safetensors file(model_.original());
    file.header[kQkv][field] = value;
    return model_.message_with(file.bytes());
  }
  const DamagedModel model_{"plain", "model.safetensors"};
};

TEST_F(SafetensorsHeader, IsReadAgainAfterItWasTakenApart) {
  EXPECT_EQ(model_.message_with(Safetensors(model_.original()).bytes()), "");
}

TEST_F(SafetensorsHeader, RefusesOffsetsThatDoNotFit) {
  using nlohmann::json;
  for (const json& offsets :
       {json{1, 0}, json{0, 1ULL << 62}, json{-1, 5}, json{0}, json{0, 4, 8}, json("x"), json(),
        json{0.5, 1.5}, json{0, 1728}, json{1ULL << 63, (1ULL << 63) + 1728}}) {
    EXPECT_THAT(message_after("data_offsets", offsets), HasSubstr(kQkv)) << offsets;
  }
}

TEST_F(SafetensorsHeader, RefusesAnotherShape) {
  EXPECT_THAT(message_after("shape", {36, 12}), HasSubstr("(36, 12)"));
  EXPECT_THAT(message_after("shape", {12, 37}), HasSubstr(kQkv));
  EXPECT_THAT(message_after("shape", {1ULL << 62, 1ULL << 62}), HasSubstr("overflows"));
  EXPECT_THAT(message_after("shape", {-12, -36}), HasSubstr(kQkv));
}

TEST_F(SafetensorsHeader, RefusesATypeItCannotUse) {
  EXPECT_THAT(message_after("dtype", "I32"), HasSubstr("I32"));
  EXPECT_THAT(message_after("dtype", "F4_NEW"), HasSubstr("F4_NEW"));
  EXPECT_THAT(message_after("dtype", "F16"), HasSubstr("F16"));
  EXPECT_THAT(message_after("dtype", 32), HasSubstr(kQkv));
}

TEST_F(SafetensorsHeader, RefusesBytesThatNoTensorOwns) {
  Safetensors file(model_.original());
  file.data += "more";
  EXPECT_THAT(model_.message_with(file.bytes()), HasSubstr("damaged"));
}

TEST_F(SafetensorsHeader, RefusesALengthBeyondTheFile) {
  std::string bytes = model_.original();
  bytes[7] = '\x7F';
  EXPECT_THAT(model_.message_with(bytes), HasSubstr("a header of"));
}

TEST(Checkpoint, NamesAMissingTensor) {
  Checkpoint checkpoint = support::make_tiny_checkpoint({});
  checkpoint.tensors.erase("h.1.mlp.c_fc.bias");
  try {
    const model::Model model(support::TinyModelOptions{}.config, checkpoint, WeightDtype::f32);
    ADD_FAILURE() << "was accepted";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("h.1.mlp.c_fc.bias"));
  }
}

TEST(Checkpoint, NamesAMissingShard) {
  const DamagedModel model("sharded", "model-00002-of-00003.safetensors");
  const std::string bytes = model.original();
  std::filesystem::remove(model.path());
  EXPECT_THROW(
      {
        try {
          read_checkpoint(model.path().parent_path());
        } catch (const core::Error& error) {
          EXPECT_THAT(error.what(), HasSubstr(model.path().string()));
          throw;
        }
      },
      core::Error);
}

TEST(Checkpoint, RefusesAnIndexThatLeavesItsFolder) {
  const DamagedModel model("sharded", "model.safetensors.index.json");
  for (const std::string shard : {"../model.safetensors", "parts/../../x", "/x", "parts/", ""}) {
    EXPECT_THAT(model.message_with(R"({"weight_map": {"wte.weight": ")" + shard + "\"}}"),
                HasSubstr("found \"" + shard));
  }
}

TEST(Checkpoint, TakesAnIndexBehindBlanksAndShardsInAFolderBelow) {
  const DamagedModel model("sharded", "model.safetensors.index.json");
  const std::filesystem::path folder = model.path().parent_path();
  EXPECT_EQ(model.message_with("\xEF\xBB\xBF\r\n " + model.original()), "");
  std::filesystem::create_directory(folder / "parts");
  std::string index = model.original();
  for (int shard = 1; shard <= 3; ++shard) {
    const std::string name = "model-0000" + std::to_string(shard) + "-of-00003.safetensors";
    std::filesystem::rename(folder / name, folder / "parts" / name);
  }
  for (std::size_t at = 0; (at = index.find("model-0", at)) != std::string::npos; at += 13) {
    index.insert(at, "parts/");
  }
  EXPECT_EQ(model.message_with(index), "");
}

TEST(Checkpoint, SaysWhatADirectoryWithoutWeightsLacks) {
  const TemporaryDirectory directory;
  write_bytes(directory.path() / "config.json", "{}");
  try {
    model::open_model(directory.path(), WeightDtype::as_stored);
    ADD_FAILURE() << "was opened";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("model.safetensors"));
  }
  EXPECT_THROW(model::open_model(directory.path() / "nowhere", WeightDtype::as_stored),
               core::Error);
}

}  // namespace
}  // namespace sketchscope::checkpoint
