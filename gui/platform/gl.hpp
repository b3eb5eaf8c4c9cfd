#pragma once

// Declares the functions of OpenGL 3.3, all of which GLVND's libOpenGL exports.
#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>
