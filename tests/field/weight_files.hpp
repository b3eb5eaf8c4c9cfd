#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/model/model_directory.hpp"
#include "tests/support/full_attention.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/support/torch_file.hpp"

namespace sketchscope::support {

/// The folder of a tiny model whose weight file a test writes, and what opening it gives.
class WeightFiles : public ::testing::Test {
 protected:
  using Entries = std::vector<std::pair<std::string, std::string>>;

  WeightFiles() {
    write_tiny_model({}, folder());
    std::filesystem::remove(folder() / "model.safetensors");
  }

  [[nodiscard]] const std::filesystem::path& folder() const { return directory_.path(); }

  static std::string bytes_of(const checkpoint::CheckpointTensor& tensor) {
    return {reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()};
  }

  /// The pickled tensors of the tiny model, each in a storage of its own, row-major.
  [[nodiscard]] Entries plain_entries(TorchFile& file, const std::string& prefix = {}) const {
    Entries entries;
    for (const auto& [name, tensor] : weights_.tensors) {
      const std::int64_t last = tensor.shape.back();
      const std::vector<std::int64_t> strides = tensor.shape.size() == 1
                                                    ? std::vector<std::int64_t>{1}
                                                    : std::vector{last, std::int64_t{1}};
      entries.emplace_back(prefix + name, TorchFile::tensor(file.storage(bytes_of(tensor)), 0,
                                                            tensor.shape, strides));
    }
    return entries;
  }

  void write_bin(const std::string& bytes) const {
    write_bytes(folder() / "pytorch_model.bin", bytes);
  }
  /// Writes the tensors by names that `rename` makes of theirs.
  void write_safetensors_as(const std::function<std::string(const std::string&)>& rename) const {
    checkpoint::Checkpoint renamed;
    for (const auto& [name, tensor] : weights_.tensors) renamed.tensors[rename(name)] = tensor;
    write_safetensors(renamed, folder() / "model.safetensors");
  }

  /// The message that opening the folder ends in; empty if it opens.
  [[nodiscard]] std::string message(
      checkpoint::WeightDtype dtype = checkpoint::WeightDtype::as_stored) const {
    try {
      model::open_model(folder(), dtype);
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  }

  /// Expects the folder to open as the model whose weights the test wrote.
  void expect_the_model() const {
    const model::LoadedModel loaded =
        model::open_model(folder(), checkpoint::WeightDtype::as_stored);
    EXPECT_EQ(logits_of(*loaded.model), logits_of(*make_tiny_model()));
  }

  static std::vector<float> logits_of(const model::Model& model) {
    const std::vector<model::InputRow> rows = {{5, 0}, {17, 1}, {42, 2}};
    std::vector<float> logits(rows.size() * static_cast<std::size_t>(model.config().vocabulary));
    kernels::ThreadPool pool(1);
    model::Activations activations;
    FullAttention attention(model.config());
    model.forward(pool, {.rows = rows, .logits = logits}, attention, activations);
    return logits;
  }

  const checkpoint::Checkpoint weights_ = make_tiny_checkpoint({});

 private:
  TemporaryDirectory directory_;
};

}  // namespace sketchscope::support
