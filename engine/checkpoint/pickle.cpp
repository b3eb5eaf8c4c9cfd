#include "engine/checkpoint/pickle.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <unordered_map>

#include "engine/checkpoint/byte_cursor.hpp"
#include "engine/checkpoint/pickle_op.hpp"

namespace sketchscope::checkpoint {
namespace {

using Ref = PickleValue::Ref;
using Op = PickleOp;

class Unpickler {
 public:
  Unpickler(std::span<const std::byte> bytes, const std::string& source) : cursor_(bytes, source) {}

  Pickle read() && {
    while (true) {
      const auto op = static_cast<Op>(cursor_.number<std::uint8_t>());
      if (op == Op::stop) {
        break;
      }
      if (!run_number(op) && !run_text(op) && !run_container(op) && !run_addition(op) &&
          !run_stack(op) && !run_reference(op)) {
        cursor_.refuse("operation " + std::to_string(static_cast<int>(op)),
                       "what a file of tensors contains");
      }
    }
    pickle_.root = pop();
    pickle_.length = cursor_.position();
    return std::move(pickle_);
  }

 private:
  bool run_number(Op op) {
    switch (op) {
      case Op::none:
        return push(PickleValue::None{});
      case Op::newtrue:
        return push(true);
      case Op::newfalse:
        return push(false);
      case Op::binint:
        return push(std::int64_t{cursor_.number<std::int32_t>()});
      case Op::binint1:
        return push(std::int64_t{cursor_.number<std::uint8_t>()});
      case Op::binint2:
        return push(std::int64_t{cursor_.number<std::uint16_t>()});
      case Op::long1:
        return push_long(cursor_.take(cursor_.number<std::uint8_t>()));
      case Op::long4:
        return push_long(cursor_.take(cursor_.number<std::uint32_t>()));
      case Op::int_text:
      case Op::long_text:
        return push_digits(read_line());
      case Op::binfloat:
        return push(std::bit_cast<double>(__builtin_bswap64(cursor_.number<std::uint64_t>())));
      case Op::float_text:
        return push(std::strtod(read_line().c_str(), nullptr));
      default:
        return false;
    }
  }

  bool run_text(Op op) {
    switch (op) {
      case Op::proto:
        cursor_.take(1);
        return true;
      case Op::frame:
        cursor_.take(8);
        return true;
      case Op::short_binunicode:
      case Op::short_binstring:
      case Op::short_binbytes:
        return push(cursor_.text(cursor_.number<std::uint8_t>()));
      case Op::binunicode:
      case Op::binstring:
      case Op::binbytes:
        return push(cursor_.text(cursor_.number<std::uint32_t>()));
      case Op::binunicode8:
      case Op::binbytes8:
      case Op::bytearray8:
        return push(cursor_.text(cursor_.number<std::uint64_t>()));
      default:
        return false;
    }
  }

  bool run_container(Op op) {
    switch (op) {
      case Op::empty_tuple:
      case Op::empty_list:
      case Op::empty_set:
        return push(PickleValue::Sequence{});
      case Op::tuple:
      case Op::list:
      case Op::frozenset:
        return push(PickleValue::Sequence{pop_to_mark()});
      case Op::tuple1:
        return push(PickleValue::Sequence{pop_last(1)});
      case Op::tuple2:
        return push(PickleValue::Sequence{pop_last(2)});
      case Op::tuple3:
        return push(PickleValue::Sequence{pop_last(3)});
      case Op::empty_dict:
        return push(PickleValue::Dictionary{});
      case Op::dict: {
        const std::vector<Ref> flat = pop_to_mark();
        push(PickleValue::Dictionary{});
        return set_items(flat);
      }
      default:
        return false;
    }
  }

  bool run_addition(Op op) {
    switch (op) {
      case Op::append:
        return append(pop_last(1));
      case Op::appends:
      case Op::additems:
        return append(pop_to_mark());
      case Op::setitem:
        return set_items(pop_last(2));
      case Op::setitems:
        return set_items(pop_to_mark());
      case Op::build:
        return set_state(pop());
      default:
        return false;
    }
  }

  bool run_stack(Op op) {
    switch (op) {
      case Op::mark:
        marks_.push_back(stack_.size());
        return true;
      case Op::pop:
        if (!marks_.empty() && marks_.back() == stack_.size()) {
          marks_.pop_back();
        } else {
          pop();
        }
        return true;
      case Op::pop_mark:
        pop_to_mark();
        return true;
      case Op::dup:
        stack_.push_back(top());
        return true;
      case Op::binput:
        return remember(cursor_.number<std::uint8_t>());
      case Op::long_binput:
        return remember(cursor_.number<std::uint32_t>());
      case Op::memoize:
        return remember(static_cast<std::uint32_t>(memo_.size()));
      case Op::binget:
        return recall(cursor_.number<std::uint8_t>());
      case Op::long_binget:
        return recall(cursor_.number<std::uint32_t>());
      default:
        return false;
    }
  }

  bool run_reference(Op op) {
    switch (op) {
      case Op::global: {
        const std::string module = read_line();
        return push(PickleValue::Global{module + "." + read_line()});
      }
      case Op::stack_global: {
        const std::vector<Ref> names = pop_last(2);
        return push(PickleValue::Global{text_of(names[0]) + "." + text_of(names[1])});
      }
      case Op::reduce:
      case Op::newobj: {
        const std::vector<Ref> call = pop_last(2);
        return push(PickleValue::Call{.function = call[0], .arguments = call[1]});
      }
      case Op::newobj_ex: {  // the third operand holds arguments by name
        const std::vector<Ref> call = pop_last(3);
        return push(PickleValue::Call{.function = call[0], .arguments = call[1]});
      }
      case Op::binpersid:
        return push(PickleValue::PersistentId{pop()});
      default:
        return false;
    }
  }

  template <typename Content>
  bool push(Content content) {
    pickle_.values.push_back({.content = std::move(content)});
    stack_.push_back(&pickle_.values.back());
    return true;
  }

  Ref top() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
      cursor_.refuse("an operation without its operand", "a value before it");
    }
    return stack_.back();
  }

  Ref pop() {
    const Ref value = top();
    stack_.pop_back();
    return value;
  }

  std::vector<Ref> pop_last(std::size_t count) {
    std::vector<Ref> values(count);
    for (auto slot = values.rbegin(); slot != values.rend(); ++slot) {
      *slot = pop();
    }
    return values;
  }

  std::vector<Ref> pop_to_mark() {
    if (marks_.empty()) {
      cursor_.refuse("an operation without its mark", "a mark before it");
    }
    std::vector<Ref> values = pop_last(stack_.size() - marks_.back());
    marks_.pop_back();
    return values;
  }

  bool append(const std::vector<Ref>& values) {
    const Ref target = top();
    if (content_of<PickleValue::Call>(target) != nullptr) {
      return true;  // a class derived from list, such as a deque, never holds the weights
    }
    auto* const list = std::get_if<PickleValue::Sequence>(&target->content);
    if (list == nullptr) {
      cursor_.refuse("an item for something else", "a list");
    }
    list->items.insert(list->items.end(), values.begin(), values.end());
    return true;
  }

  bool set_items(const std::vector<Ref>& flat) {
    const Ref target = top();
    auto* dictionary = std::get_if<PickleValue::Dictionary>(&target->content);
    if (auto* const call = std::get_if<PickleValue::Call>(&target->content)) {
      dictionary = &call->filled;
    }
    if (dictionary == nullptr || flat.size() % 2 != 0) {
      cursor_.refuse("an entry for something else", "a dictionary with keys and values");
    }
    for (std::size_t i = 0; i < flat.size(); i += 2) {
      dictionary->entries.emplace_back(flat[i], flat[i + 1]);
    }
    return true;
  }

  bool set_state(Ref state) {
    if (auto* const call = std::get_if<PickleValue::Call>(&top()->content)) {
      call->state = state;
    }
    return true;
  }

  bool remember(std::uint32_t key) {
    memo_[key] = top();
    return true;
  }

  bool recall(std::uint32_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) {
      cursor_.refuse("a reference to value " + std::to_string(key), "one that was kept before");
    }
    stack_.push_back(found->second);
    return true;
  }

  /// Pushes a two's complement number, little endian.
  bool push_long(std::span<const std::byte> bytes) {
    const bool negative = !bytes.empty() && (bytes.back() & std::byte{0x80}) != std::byte{0};
    const std::byte sign = negative ? std::byte{0xFF} : std::byte{0};
    const std::size_t kept = std::min(bytes.size(), sizeof(std::int64_t));
    std::int64_t value = negative ? -1 : 0;
    if (kept > 0) std::memcpy(&value, bytes.data(), kept);
    const auto beyond = bytes.subspan(kept);
    const bool fits = std::ranges::all_of(beyond, [&](std::byte byte) { return byte == sign; }) &&
                      (value < 0) == negative;
    return fits ? push(value) : push(PickleValue::LongInteger{});
  }

  /// Pushes a number written in decimal digits, maybe with an L at its end.
  bool push_digits(std::string digits) {
    if (digits == "00" || digits == "01") return push(digits == "01");
    if (digits.ends_with('L')) digits.pop_back();
    std::int64_t value = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem == std::errc::result_out_of_range) return push(PickleValue::LongInteger{});
    if (problem != std::errc{} || end != digits.data() + digits.size()) {
      cursor_.refuse("the number '" + digits + "'", "decimal digits");
    }
    return push(value);
  }

  std::string read_line() {
    constexpr std::size_t kLongest = 10000;
    std::string line;
    for (char next = cursor_.number<char>(); next != '\n'; next = cursor_.number<char>()) {
      line.push_back(next);
      if (line.size() > kLongest) {
        cursor_.refuse("a line without end", "one of at most 10000 bytes");
      }
    }
    return line;
  }

  std::string text_of(Ref value) const {
    const auto* const text = std::get_if<std::string>(&value->content);
    if (text == nullptr) {
      cursor_.refuse("a name that is no text", "a text");
    }
    return *text;
  }

  ByteCursor cursor_;
  Pickle pickle_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;  // sizes of the stack where marks were set
  std::unordered_map<std::uint32_t, Ref> memo_;
};

}  // namespace

Pickle unpickle(std::span<const std::byte> bytes, const std::string& source) {
  return Unpickler(bytes, source).read();
}

}  // namespace sketchscope::checkpoint
