#include "gui/platform/platform.hpp"

// Included after our own OpenGL header, so that GLFW does not include another.
#include "gui/platform/opengl.hpp"
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <imgui.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/platform/key_queue.hpp"
#include "gui/platform/keyboard.hpp"

namespace sketchscope::platform {
namespace {

static_assert(static_cast<int>(Key::escape) == GLFW_KEY_ESCAPE);
static_assert(static_cast<int>(Key::end) == GLFW_KEY_END);
static_assert(static_cast<int>(Key::f1) == GLFW_KEY_F1);
static_assert(static_cast<int>(Key::f11) == GLFW_KEY_F11);

constexpr int kSmallestWidth = 640;
constexpr int kSmallestHeight = 400;

std::string last_glfw_error() {
  const char* description = nullptr;
  glfwGetError(&description);
  return description != nullptr ? description : "no reason given";
}

core::Error no_window(const std::string& what) {
  return core::Error({.what = what,
                      .found = last_glfw_error(),
                      .expected = "a display with OpenGL 3.3",
                      .remedy =
                          "Without one, render a picture with `sketchscope view --offscreen "
                          "--screenshot out.png`, or drive the window with `sketchscope script`"});
}

#ifdef GLFW_PLATFORM
/// Returns whether a Wayland display can be looked for. Without any of these libwayland writes an
/// error of its own to the terminal, before ours.
bool may_have_wayland() {
  return std::ranges::any_of(std::array{"WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XDG_RUNTIME_DIR"},
                             [](const char* name) { return std::getenv(name) != nullptr; });
}
#endif

bool start_glfw() {
#ifdef GLFW_PLATFORM
  // GLFW 3.4 prefers Wayland, where mouse and framebuffer units differ on displays of double
  // density. X11 is chosen if it is available.
  glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);
  if (glfwInit() == GLFW_TRUE) return true;
  if (!may_have_wayland()) return false;
  glfwInitHint(GLFW_PLATFORM, GLFW_ANY_PLATFORM);
#endif
  return glfwInit() == GLFW_TRUE;
}

/// Initialises GLFW and terminates it on destruction.
class Glfw {
 public:
  Glfw() {
    if (!start_glfw()) throw no_window("no window can be opened");
  }
  ~Glfw() { glfwTerminate(); }
  Glfw(const Glfw&) = delete;
  Glfw& operator=(const Glfw&) = delete;
};

class GlfwWindow {
 public:
  /// Paths that are dropped on the window are noted in `platform`.
  GlfwWindow(const std::string& title, plot::Size size, Platform& platform) : platform_(platform) {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    window_ = glfwCreateWindow(static_cast<int>(size.width), static_cast<int>(size.height),
                               title.c_str(), nullptr, nullptr);
    if (window_ == nullptr) throw no_window("the window cannot be opened");
    glfwSetWindowSizeLimits(window_, kSmallestWidth, kSmallestHeight, GLFW_DONT_CARE,
                            GLFW_DONT_CARE);
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
    watch_input();
  }
  ~GlfwWindow() { glfwDestroyWindow(window_); }
  GlfwWindow(const GlfwWindow&) = delete;
  GlfwWindow& operator=(const GlfwWindow&) = delete;

  [[nodiscard]] GLFWwindow* get() const { return window_; }
  /// Notes keys in a queue, which must outlive the window's last event.
  void set_keys(KeyQueue& keys) { keys_ = &keys; }
  void note_key(const KeyEvent& event) {
    input_ = true;
    if (keys_ != nullptr) keys_->push(event);
  }
  /// Returns whether there was input since the last call.
  bool take_input() { return std::exchange(input_, false); }

 private:
  // Installs callbacks that detect the person's input, as opposed to events posted by threads.
  // ImGui's callbacks, which are installed later, call these.
  void watch_input() {
    constexpr auto kNote = [](GLFWwindow* window, auto...) {
      static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window))->input_ = true;
    };
    glfwSetWindowUserPointer(window_, this);
    glfwSetCursorPosCallback(window_, kNote);
    glfwSetMouseButtonCallback(window_, kNote);
    glfwSetScrollCallback(window_, kNote);
    glfwSetKeyCallback(window_, kNote);
    glfwSetCharCallback(window_, kNote);
    glfwSetWindowFocusCallback(window_, kNote);
    glfwSetFramebufferSizeCallback(window_, kNote);
    glfwSetWindowRefreshCallback(window_, kNote);
    glfwSetWindowContentScaleCallback(window_, kNote);
    glfwSetDropCallback(window_, [](GLFWwindow* window, int count, const char** paths) {
      auto& self = *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window));
      self.input_ = true;
      for (int i = 0; i < count; ++i) self.platform_.drop(paths[i]);
    });
  }

  Platform& platform_;
  GLFWwindow* window_ = nullptr;
  KeyQueue* keys_ = nullptr;  ///< null where ImGui has its own
  bool input_ = true;
};

bool is_modifier(int key) {
  return key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
}

/// ImGui's reading of the window's input. Keys wait in a queue where ImGui has none.
class GlfwInput {
 public:
  GlfwInput(GLFWwindow* window, GlfwWindow& noted) : window_(window) {
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    if (!keys_need_a_queue()) return;
    noted.set_keys(keys_);
    give_to_imgui_ = glfwSetKeyCallback(
        window, [](GLFWwindow* of, int key, int scancode, int action, int modifiers) {
          static_cast<GlfwWindow*>(glfwGetWindowUserPointer(of))
              ->note_key({.key = key,
                          .scancode = scancode,
                          .action = action,
                          .modifiers = modifiers,
                          .is_down = action != GLFW_RELEASE,
                          .is_modifier = is_modifier(key)});
        });
  }
  ~GlfwInput() { ImGui_ImplGlfw_Shutdown(); }
  GlfwInput(const GlfwInput&) = delete;
  GlfwInput& operator=(const GlfwInput&) = delete;

  /// Gives the keys of the next frame to ImGui.
  void give_keys() {
    for (const KeyEvent& event : keys_.take_frame()) {
      give_to_imgui_(window_, event.key, event.scancode, event.action, event.modifiers);
    }
  }
  [[nodiscard]] bool has_keys() const { return !keys_.empty(); }

 private:
  GLFWwindow* window_;
  KeyQueue keys_;
  GLFWkeyfun give_to_imgui_ = nullptr;
};

class Desktop final : public Platform {
 public:
  Desktop(const std::string& title, plot::Size size, std::stop_token stop)
      : window_(title, size, *this),
        input_(window_.get(), window_),
        stop_(std::move(stop)),
        wake_on_stop_(stop_, waker()) {}
  ~Desktop() override { *open_ = false; }

  bool wait(double seconds) override {
    if (seconds > 0) {
      glfwWaitEventsTimeout(seconds);
    } else {
      glfwPollEvents();
    }
    const bool input = window_.take_input();
    return input || is_input_left() || input_.has_keys();
  }

  std::function<void()> waker() override {
    return [open = open_] {
      if (*open) glfwPostEmptyEvent();
    };
  }

  [[nodiscard]] bool closing() const override {
    return stop_.stop_requested() || glfwWindowShouldClose(window_.get()) == GLFW_TRUE;
  }
  void close() override { glfwSetWindowShouldClose(window_.get(), GLFW_TRUE); }

  [[nodiscard]] plot::Size size() const override {
    if (picture_) return picture_size_;
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window_.get(), &width, &height);
    return {static_cast<float>(width), static_cast<float>(height)};
  }

  [[nodiscard]] float scale() const override {
    float horizontal = 1;
    float vertical = 1;
    glfwGetWindowContentScale(window_.get(), &horizontal, &vertical);
    return vertical;
  }

  void resize(plot::Size size) override {
    glfwSetWindowSize(window_.get(), static_cast<int>(size.width), static_cast<int>(size.height));
  }

  void begin_frame() override {
    renderer_.begin_frame();
    input_.give_keys();
    ImGui_ImplGlfw_NewFrame();
    if (!picture_) return;
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {picture_size_.width, picture_size_.height};
    io.DisplayFramebufferScale = {1, 1};
  }

  void begin_picture(plot::Size size) override {
    picture_size_ = size;
    picture_.emplace(size);
  }
  void end_picture() override { picture_.reset(); }

  void show(plot::Color background) override {
    draw_gl_frame(size(), background);
    glfwSwapBuffers(window_.get());
  }

  [[nodiscard]] plot::Image screenshot(plot::Color background) override {
    // The frame is redrawn into the back buffer, since the front buffer is not readable everywhere.
    draw_gl_frame(size(), background);
    return read_gl_frame(size());
  }

  void reload_fonts() override { renderer_.reload_fonts(); }
  plot::TextureStore& textures() override { return textures_; }
  void set_title(const std::string& title) override {
    glfwSetWindowTitle(window_.get(), title.c_str());
  }

 private:
  std::shared_ptr<std::atomic<bool>> open_ = std::make_shared<std::atomic<bool>>(true);
  // Members are in the order of their dependencies.
  Glfw glfw_;
  GlfwWindow window_;
  ImGuiContextOwner imgui_;
  GlfwInput input_;
  GlRenderer renderer_;
  GlTextures textures_;
  plot::Size picture_size_;
  std::optional<GlFramebuffer> picture_;
  std::stop_token stop_;
  std::stop_callback<std::function<void()>> wake_on_stop_;
};

}  // namespace

std::unique_ptr<Platform> open_desktop(const std::string& title, plot::Size size,
                                       std::stop_token stop) {
  return std::make_unique<Desktop>(title, size, std::move(stop));
}

}  // namespace sketchscope::platform
