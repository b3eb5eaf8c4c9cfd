#pragma once

#include <cstdint>

namespace sketchscope {

/// Keys that actions and scripts name, numbered as GLFW numbers them; letters and digits are their
/// ASCII capitals.
enum class Key : std::uint16_t {
  space = 32,
  digit_0 = '0',
  a = 'A',
  z = 'Z',
  escape = 256,
  enter = 257,
  tab = 258,
  backspace = 259,
  insert = 260,
  del = 261,
  right = 262,
  left = 263,
  down = 264,
  up = 265,
  page_up = 266,
  page_down = 267,
  home = 268,
  end = 269,
  f1 = 290,
  f2 = 291,
  f11 = 300,
};

/// The key of a capital letter or digit.
constexpr Key key_of(char symbol) {
  return static_cast<Key>(symbol);
}

}  // namespace sketchscope
