#include "tests/field/weight_files.hpp"

namespace sketchscope::field {
namespace {

using support::TorchFile;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace pickled = support::pickled;

class PickledWeights : public support::WeightFiles {
 protected:
  /// The tensors with every matrix stored as its transpose and viewed with swapped strides.
  [[nodiscard]] Entries transposed_entries(TorchFile& file) const {
    Entries entries;
    for (const auto& [name, tensor] : weights_.tensors) {
      if (tensor.shape.size() != 2) {
        entries.emplace_back(
            name, TorchFile::tensor(file.storage(bytes_of(tensor)), 0, tensor.shape, {1}));
        continue;
      }
      const auto rows = static_cast<std::size_t>(tensor.shape[0]);
      const auto columns = static_cast<std::size_t>(tensor.shape[1]);
      const std::string bytes = bytes_of(tensor);
      std::string turned(bytes.size(), '\0');
      for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
          bytes.copy(&turned[(column * rows + row) * 4], 4, (row * columns + column) * 4);
        }
      }
      entries.emplace_back(
          name, TorchFile::tensor(file.storage(turned), 0, tensor.shape, {1, tensor.shape[0]}));
    }
    return entries;
  }

  /// Writes the model with one more tensor or value.
  void write_with_extra(TorchFile file, const std::string& value) const {
    Entries entries = plain_entries(file);
    entries.emplace_back("extra", value);
    write_bin(file.zip(pickled::ordered(entries)));
  }

  std::string whole_model() const {
    return pickled::object(
        pickled::global("transformers.models.gpt2.modeling_gpt2", "GPT2LMHeadModel"),
        pickled::dictionary({{"training", "\x89"}, {"_modules", pickled::dictionary({})}}));
  }
};

TEST_F(PickledWeights, MayBeTransposed) {
  TorchFile file;
  const Entries entries = transposed_entries(file);
  write_bin(file.zip(pickled::ordered(entries)));
  expect_the_model();
}

TEST_F(PickledWeights, MayBeTransposedInTheFormatBefore16) {
  TorchFile file;
  const Entries entries = transposed_entries(file);
  write_bin(file.sequence(pickled::ordered(entries)));
  expect_the_model();
}

TEST_F(PickledWeights, MayBeEveryOtherColumnOfALargerTensor) {
  TorchFile file;
  Entries entries;
  for (const auto& [name, tensor] : weights_.tensors) {
    std::string spread(12, '\1');  // three numbers that belong to nobody
    for (std::size_t i = 0; i < tensor.bytes.size(); i += 4) {
      spread += bytes_of(tensor).substr(i, 4) + std::string(4, '\2');
    }
    std::vector<std::int64_t> strides = {2};
    if (tensor.shape.size() == 2) strides = {2 * tensor.shape[1], 2};
    entries.emplace_back(name, TorchFile::tensor(file.storage(spread), 3, tensor.shape, strides));
  }
  write_bin(file.zip(pickled::ordered(entries)));
  expect_the_model();
}

TEST_F(PickledWeights, MayRepeatOneNumberByAStrideOfZero) {
  TorchFile file;
  Entries entries = plain_entries(file);
  for (auto& [name, value] : entries) {
    if (name == "ln_f.bias") {
      value = TorchFile::tensor(file.storage(std::string("\0\0\0\x3F", 4)), 0, {16}, {0});
    }
  }
  write_bin(file.zip(pickled::ordered(entries)));
  EXPECT_EQ(message(), "");
}

TEST_F(PickledWeights, AreNotCopiedForAShapeThatTheModelDoesNotHave) {
  TorchFile file;
  Entries entries = plain_entries(file);
  for (auto& [name, value] : entries) {
    if (name == "ln_f.bias") {
      value = TorchFile::tensor(file.storage("1234"), 0, {std::int64_t{1} << 40}, {0});
    }
  }
  write_bin(file.zip(pickled::ordered(entries)));
  EXPECT_THAT(message(), AllOf(HasSubstr("ln_f.bias"), HasSubstr("(1099511627776)")));
}

TEST_F(PickledWeights, MayHaveAnyStrideAlongAnAxisOfOneIndex) {
  TorchFile file;
  Entries entries = plain_entries(file);
  entries.emplace_back("extra", TorchFile::tensor(file.storage("1234"), 0, {1, 1}, {768, 9}));
  write_bin(file.zip(pickled::ordered(entries)));
  expect_the_model();
}

TEST_F(PickledWeights, AreRefusedWhereAStrideLeavesTheStorage) {
  for (const std::vector<std::int64_t>& strides :
       {std::vector<std::int64_t>{2}, {std::int64_t{1} << 62}}) {
    TorchFile file;
    const std::string storage = file.storage(std::string(64, '\0'));
    write_with_extra(file, TorchFile::tensor(storage, 0, {16}, strides));
    EXPECT_THAT(message(), AllOf(HasSubstr("extra"), HasSubstr("a storage of 64 bytes")));
  }
}

TEST_F(PickledWeights, LeaveTensorsOfOtherTypesAlone) {
  const std::vector<std::pair<std::string, std::int64_t>> types = {
      {"ShortStorage", 2},          {"BoolStorage", 1},   {"ComplexFloatStorage", 8},
      {"ComplexDoubleStorage", 16}, {"DoubleStorage", 8}, {"QInt8Storage", 1},
      {"LongStorage", 8},           {"CharStorage", 1}};
  for (const auto& [type, bytes] : types) {
    TorchFile file;
    const std::string storage =
        file.storage(std::string(static_cast<std::size_t>(bytes) * 4, '\1'), type, bytes);
    Entries entries = plain_entries(file);
    entries.emplace_back("extra", TorchFile::tensor(storage, 0, {4}, {1}));
    write_bin(file.zip(pickled::ordered(entries)));
    EXPECT_EQ(message(), "") << type;
    write_bin(file.sequence(pickled::ordered(entries)));
    EXPECT_EQ(message(), "") << type << " before 1.6";
  }
}

TEST_F(PickledWeights, LeaveATypeOfTomorrowAlone) {
  TorchFile file;
  const std::string storage = file.storage("12345678", "Float4Storage");
  write_with_extra(file, TorchFile::tensor(storage, 0, {4}, {1}));
  EXPECT_EQ(message(), "");
}

TEST_F(PickledWeights, LeaveTypesWithoutAStorageOfTheirOwnAlone) {
  TorchFile file;
  const std::string storage = file.storage("12345678", "storage.UntypedStorage", 1);
  write_with_extra(file, pickled::call(pickled::global("torch._utils", "_rebuild_tensor_v3"),
                                       {storage, pickled::integer(0), pickled::numbers({8}),
                                        pickled::numbers({1}), "\x89", pickled::ordered({}),
                                        pickled::global("torch", "float8_e4m3fn")}));
  EXPECT_EQ(message(), "");
}

TEST_F(PickledWeights, LeaveSparseAndQuantizedTensorsAlone) {
  for (const std::string kind : {"_rebuild_sparse_tensor", "_rebuild_qtensor"}) {
    write_with_extra({}, pickled::call(pickled::global("torch._utils", kind),
                                       {pickled::none(), pickled::none()}));
    EXPECT_EQ(message(), "") << kind;
  }
}

TEST_F(PickledWeights, NameTheTypeOfAWeightThatCannotBeUsed) {
  TorchFile file;
  Entries entries = plain_entries(file);
  for (auto& [name, value] : entries) {
    if (name == "h.1.ln_1.bias") {
      value =
          TorchFile::tensor(file.storage(std::string(32, '\0'), "ShortStorage", 2), 0, {16}, {1});
    }
  }
  write_bin(file.zip(pickled::ordered(entries)));
  EXPECT_THAT(message(),
              AllOf(HasSubstr("h.1.ln_1.bias"), HasSubstr("I16"), HasSubstr("F32, F16 or BF16")));
}

TEST_F(PickledWeights, MayStandBesideIntegersOfAnySize) {
  for (const std::size_t size : {0U, 1U, 8U, 9U, 13U, 200U}) {
    write_with_extra({}, pickled::long_integer(std::string(size, '\x7F')));
    EXPECT_EQ(message(), "") << size << " bytes";
  }
  write_with_extra({}, "\x8B" + std::string("\x2C\x01\0\0", 4) + std::string(300, '\x81'));
  EXPECT_EQ(message(), "") << "300 bytes";
}

TEST_F(PickledWeights, MayHaveShapesOfLongIntegersThatAreSmall) {
  TorchFile file;
  const std::string sixteen = pickled::long_integer(std::string("\x10") + std::string(12, '\0'));
  Entries entries = plain_entries(file);
  for (auto& [name, value] : entries) {
    if (name == "ln_f.bias") {
      const auto plain = TorchFile::tensor("S", 0, {16}, {1});
      value = TorchFile::tensor(file.storage(bytes_of(weights_.tensors.at(name))), 0, {16}, {1});
      const std::string shape = pickled::numbers({16});
      value.replace(value.find(shape), shape.size(), pickled::tuple({sixteen}));
    }
  }
  write_bin(file.zip(pickled::ordered(entries)));
  expect_the_model();
}

TEST_F(PickledWeights, MayBeParametersAndTensorsWithAttributes) {
  TorchFile file;
  Entries entries = plain_entries(file);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::string& value = entries[i].second;
    if (i % 3 == 0) {
      value = pickled::call(pickled::global("torch._utils", "_rebuild_parameter"),
                            {value, "\x88", pickled::ordered({})});
    } else if (i % 3 == 1) {
      // A call is its function, a tuple of arguments and REDUCE: here both stand as values.
      const std::string function = pickled::global("torch._utils", "_rebuild_tensor_v2");
      const std::string arguments =
          value.substr(function.size(), value.size() - function.size() - 1);
      value = pickled::call(pickled::global("torch._tensor", "_rebuild_from_type_v2"),
                            {function, pickled::global("torch", "Tensor"), arguments,
                             pickled::dictionary({{"tag", pickled::text("mine")}})});
    }
  }
  write_bin(file.zip(pickled::ordered(entries)));
  expect_the_model();
}

TEST_F(PickledWeights, MayLieUnderAKeyOfATrainingCheckpoint) {
  for (const std::string key : {"model", "state_dict", "model_state_dict", "my_weights"}) {
    TorchFile file;
    const std::string weights = pickled::ordered(plain_entries(file));
    const std::string optimizer = pickled::dictionary(
        {{"param_groups", pickled::list({pickled::dictionary({{"lr", pickled::integer(1)}})})}});
    write_bin(file.zip(pickled::dictionary({{"optimizer", optimizer},
                                            {key, weights},
                                            {"iter_num", pickled::integer(2000)},
                                            {"config", pickled::dictionary({})}})));
    SCOPED_TRACE(key);
    expect_the_model();
  }
}

TEST_F(PickledWeights, MayLieUnderAKeyBesideATensor) {
  TorchFile file;
  const std::string weights = pickled::ordered(plain_entries(file));
  const std::string loss = TorchFile::tensor(file.storage("1234"), 0, {}, {});
  write_bin(file.zip(pickled::dictionary({{"best_val_loss", loss}, {"model", weights}})));
  expect_the_model();
}

TEST_F(PickledWeights, MayLieTwoKeysDeepAndUnderTheAttributeOfAWrapper) {
  TorchFile file;
  const std::string weights = pickled::ordered(plain_entries(file, "net.transformer."));
  const std::string inner = pickled::dictionary({{"state_dict", weights}});
  write_bin(file.zip(pickled::dictionary({{"checkpoint", inner}})));
  expect_the_model();
}

TEST_F(PickledWeights, ArePreferredToAverageWeightsBesideThem) {
  TorchFile file;
  const std::string average = pickled::ordered(
      {{"wte.weight", TorchFile::tensor(file.storage("1234"), 0, {1, 1}, {1, 1})}});
  const std::string weights = pickled::ordered(plain_entries(file));
  write_bin(file.zip(pickled::dictionary({{"ema", average}, {"model", weights}})));
  expect_the_model();
}

TEST_F(PickledWeights, AreRefusedWhereSeveralKeysMayHoldThem) {
  TorchFile file;
  const std::string weights = pickled::ordered(plain_entries(file));
  write_bin(file.zip(pickled::dictionary({{"first", weights}, {"second", weights}})));
  EXPECT_THAT(message(), AllOf(HasSubstr("first, second"), HasSubstr("torch.save")));
}

TEST_F(PickledWeights, MayStandBesideObjectsOfAnyClass) {
  const std::string object = pickled::object(pickled::global("argparse", "Namespace"),
                                             pickled::dictionary({{"lr", pickled::none()}}));
  const std::string bytes = std::string("\x43\x03", 2) + "abc";    // SHORT_BINBYTES
  const std::string set = "\x8F(" + pickled::integer(1) + "\x90";  // EMPTY_SET, ADDITEMS
  const std::string deque =
      pickled::call(pickled::global("collections", "deque"), {}) + "(" + pickled::integer(1) + "e";
  for (const std::string& extra : {object, bytes, set, deque}) {
    write_with_extra({}, extra);
    EXPECT_EQ(message(), "");
  }
}

TEST_F(PickledWeights, MayComeFromPython2) {
  TorchFile file;
  std::vector<std::string> pairs;
  for (const auto& [name, value] : plain_entries(file)) {
    pairs.push_back(pickled::list({pickled::text(name), value}));
  }
  write_bin(file.sequence(
      pickled::call(pickled::global("collections", "OrderedDict"), {pickled::list(pairs)})));
  expect_the_model();
}

TEST_F(PickledWeights, MayHaveAnyProtocolInTheFormatBefore16) {
  TorchFile file;
  const std::string pickle = pickled::ordered(plain_entries(file));
  std::string bytes = file.sequence(pickle);
  bytes.replace(0, 15, "L119547037146038801333356L\n.");  // protocol 1
  write_bin(bytes);
  expect_the_model();
  bytes = file.sequence(pickle);
  // Protocol 4 puts the magic number into a frame of 13 bytes.
  bytes.replace(0, 2, std::string("\x80\x04\x95\x0D\0\0\0\0\0\0\0", 11));
  write_bin(bytes);
  expect_the_model();
}

TEST_F(PickledWeights, WithoutTorchSaveAreRefusedForWhatTheyAre) {
  write_bin(std::string("\x80\x04}.", 4));
  EXPECT_THAT(message(),
              AllOf(HasSubstr("a pickle that torch.save did not write"), HasSubstr("pickle.load")));
}

TEST_F(PickledWeights, InACompressedArchiveAreRefusedForWhatTheyAre) {
  std::string bytes = TorchFile().zip(pickled::dictionary({}));
  bytes[bytes.find("PK\x01\x02") + 10] = 8;  // the method of the first file: deflate
  write_bin(bytes);
  EXPECT_THAT(message(), AllOf(HasSubstr("the compressed file archive/data.pkl"),
                               HasSubstr("Unpack it"), Not(HasSubstr("damaged"))));
}

TEST_F(PickledWeights, OfAWholeModelAreRefusedForWhatItIs) {
  write_bin(TorchFile().zip(whole_model()));
  EXPECT_THAT(message(), AllOf(HasSubstr("a whole pickled model"), HasSubstr("GPT2LMHeadModel"),
                               HasSubstr("state_dict()"), Not(HasSubstr("damaged"))));
}

TEST_F(PickledWeights, OfAWholeModelUnderAKeyAreRefusedForWhatItIs) {
  write_bin(TorchFile().zip(pickled::dictionary({{"model", whole_model()}})));
  EXPECT_THAT(message(), AllOf(HasSubstr("a whole pickled model under the key model"),
                               HasSubstr("GPT2LMHeadModel")));
}

TEST_F(PickledWeights, OfAWholeModelInTheFormatBefore16AreRefusedForWhatItIs) {
  // That format wraps the class together with its source text.
  const std::string type =
      pickled::tuple({pickled::text("module"), pickled::global("mine", "Net"),
                      pickled::text("net.py"), pickled::text("class Net: …")}) +
      "Q";
  write_bin(TorchFile().sequence(
      pickled::object(type, pickled::dictionary({{"_modules", pickled::dictionary({})}}))));
  EXPECT_THAT(message(), AllOf(HasSubstr("a whole pickled model"), HasSubstr("mine.Net")));
}

TEST_F(PickledWeights, OfATorchScriptProgramAreRefusedForWhatItIs) {
  write_bin(TorchFile().zip(
      pickled::object(pickled::global("__torch__.mine", "Net"), pickled::dictionary({}))));
  EXPECT_THAT(message(), AllOf(HasSubstr("a TorchScript program, __torch__.mine.Net"),
                               HasSubstr("state_dict()")));
}

TEST_F(PickledWeights, AreMissedInAListOrASingleTensor) {
  TorchFile file;
  const std::string tensor = TorchFile::tensor(file.storage("1234"), 0, {1}, {1});
  write_bin(file.zip(pickled::list({tensor})));
  EXPECT_THAT(message(), HasSubstr("found a list"));
  write_bin(file.zip(tensor));
  EXPECT_THAT(message(), HasSubstr("one tensor without a name"));
}

TEST_F(PickledWeights, AreLookedForOnceHoweverOftenAFileRefersToThem) {
  // Each level refers to the one below it 2,000 times: 8,000,000,000 ways lead to the lowest.
  std::string value = pickled::dictionary({}) + "q" + std::string(1, '\1');
  for (char level = 1; level <= 3; ++level) {
    std::string entries;
    for (int i = 0; i < 2000; ++i) {
      entries += pickled::text(std::to_string(i)) + "h" + std::string(1, level);
    }
    value += "0}(" + entries + "uq" + std::string(1, static_cast<char>(level + 1));
  }
  write_bin(TorchFile().zip(value));
  EXPECT_THAT(message(), HasSubstr("holds no weights"));
}

}  // namespace
}  // namespace sketchscope::field
