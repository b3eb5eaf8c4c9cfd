#include "engine/sketch/sketch_file.hpp"

#include <cmath>
#include <cstring>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

constexpr std::string_view kMark = "SKETCH01";

[[noreturn]] void refuse(const std::string& found, const std::string& expected) {
  throw Error({.what = "saved sketch",
               .found = found,
               .expected = expected,
               .remedy = "Save the sketch again"});
}

class Writer {
 public:
  template <typename Number>
  void number(Number value) {
    append(&value, sizeof value);
  }
  void text(std::string_view text) { append(text.data(), text.size()); }
  void numbers(std::span<const float> values) { append(values.data(), values.size_bytes()); }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void append(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  std::vector<std::byte> bytes_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : left_(bytes) {}

  template <typename Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string text(std::size_t length) {
    const auto bytes = take(length);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::vector<float> numbers(std::uint64_t count) {
    if (count > left_.size() / sizeof(float)) refuse("an early end", "all its counters");
    std::vector<float> values(count);
    const auto bytes = take(count * sizeof(float));
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  [[nodiscard]] std::size_t left() const { return left_.size(); }

 private:
  std::span<const std::byte> take(std::size_t count) {
    if (count > left_.size()) refuse("an early end", "all its bytes");
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  std::span<const std::byte> left_;
};

std::string describe(std::string_view kind, const SketchShape& shape) {
  return std::string(kind) + " " + std::to_string(shape.width) + " × " +
         std::to_string(shape.depth) + ", seed " + std::to_string(shape.seed);
}

}  // namespace

std::vector<std::byte> save_sketch(const Sketch& sketch) {
  const SketchShape shape = sketch.shape();
  Writer writer;
  writer.text(kMark);
  writer.number(static_cast<std::uint32_t>(sketch.kind().size()));
  writer.text(sketch.kind());
  writer.number(std::int32_t{shape.width});
  writer.number(std::int32_t{shape.depth});
  writer.number(shape.seed);
  writer.number(std::uint32_t{sketch.approximate()});
  writer.number(sketch.total_mass());
  writer.number(std::uint64_t{sketch.counters().size()});
  writer.numbers(sketch.counters());
  return writer.take();
}

std::unique_ptr<Sketch> load_sketch(std::span<const std::byte> bytes, std::string_view kind,
                                    const SketchShape& shape) {
  Reader reader(bytes);
  if (reader.text(kMark.size()) != kMark) refuse("another beginning", std::string(kMark));
  const std::string saved_kind = reader.text(reader.number<std::uint32_t>());
  SketchShape saved;
  saved.width = reader.number<std::int32_t>();
  saved.depth = reader.number<std::int32_t>();
  saved.seed = reader.number<std::uint64_t>();
  if (saved_kind != kind || saved != shape) {
    throw UsageError({.what = "saved sketch",
                      .found = describe(saved_kind, saved),
                      .expected = describe(kind, shape),
                      .remedy = "Load it under the knobs it was saved with"});
  }
  const bool approximate = reader.number<std::uint32_t>() != 0;
  const auto total_mass = reader.number<double>();
  const std::vector<float> counters = reader.numbers(reader.number<std::uint64_t>());
  if (reader.left() > 0) refuse(std::to_string(reader.left()) + " bytes too many", "its end");
  for (const float counter : counters) {
    if (!std::isfinite(counter)) refuse("a counter that is no number", "finite counters");
  }
  std::unique_ptr<Sketch> sketch = sketch_kinds().at(kind).make(shape);
  sketch->restore(counters, total_mass);
  if (approximate) sketch->mark_approximate();
  return sketch;
}

}  // namespace sketchscope
