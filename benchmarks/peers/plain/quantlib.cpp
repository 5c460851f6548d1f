/* OU2D by QuantLib's finite differences: NthOrderDerivativeOp over nine nodes on a mesh of
 * Chebyshev-Lobatto or of equal distances, MethodOfLinesScheme in time.
 *
 * usage: quantlib MESH:K1:K2:NODES:EPS ..
 *
 * MESH is clustered or uniform. For every job one line is printed: the least processor time
 * in seconds of the time integration alone, the largest error at the nodes with |x| <= 2,
 * and the processor time of the set-up, which is not in the first number.
 */
#include <ql/methods/finitedifferences/meshers/fdmmeshercomposite.hpp>
#include <ql/methods/finitedifferences/meshers/predefined1dmesher.hpp>
#include <ql/methods/finitedifferences/operators/fdmlinearopcomposite.hpp>
#include <ql/methods/finitedifferences/operators/fdmlinearoplayout.hpp>
#include <ql/methods/finitedifferences/operators/nthorderderivativeop.hpp>
#include <ql/methods/finitedifferences/schemes/methodoflinesscheme.hpp>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

using namespace QuantLib;

namespace {

const double eta = 0.1, half = 3, radius = 2;
const double A[2][2] = {{1, 0.3}, {0.3, 2}}, Sigma[2][2] = {{1, 0.4}, {0.4, 0.5}};
double B[2][2];

double now() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* The generator: one sparse matrix of all terms along one axis, and the mixed derivative as
 * two, fewer entries than their product would have. */
class Generator : public FdmLinearOpComposite {
  public:
    explicit Generator(const ext::shared_ptr<FdmMesher>& mesher)
    : dx_(NthOrderDerivativeOp(0, 1, 9, mesher).toMatrix()), dy_(NthOrderDerivativeOp(1, 1, 9, mesher).toMatrix()) {
        const Array x = mesher->locations(0), y = mesher->locations(1);
        SparseMatrix dxx = NthOrderDerivativeOp(0, 2, 9, mesher).toMatrix(), dyy = NthOrderDerivativeOp(1, 2, 9, mesher).toMatrix();
        const Size n = x.size();
        Array b1(n), b2(n);
        for (Size i = 0; i < n; ++i) {
            b1[i] = -(B[0][0] * x[i] + B[0][1] * y[i]);
            b2[i] = -(B[1][0] * x[i] + B[1][1] * y[i]);
        }
        axes_ = scaled(b1, dx_) + scaled(b2, dy_);
        axes_ += scaled(Array(n, eta / 2 * Sigma[0][0]), dxx) + scaled(Array(n, eta / 2 * Sigma[1][1]), dyy);
        axes_.complete_index1_data();
        dy_.complete_index1_data();
        dx_ = scaled(Array(n, eta * Sigma[0][1]), dx_);
        dx_.complete_index1_data();
    }
    Size size() const override { return 2; }
    void setTime(Time, Time) override {}
    Array apply(const Array& r) const override { return prod(axes_, r) + prod(dx_, prod(dy_, r)); }
    Array apply_mixed(const Array&) const override { QL_FAIL("not split"); }
    Array apply_direction(Size, const Array&) const override { QL_FAIL("not split"); }
    Array solve_splitting(Size, const Array&, Real) const override { QL_FAIL("not split"); }
    Array preconditioner(const Array&, Real) const override { QL_FAIL("not split"); }

  private:
    static SparseMatrix scaled(const Array& b, SparseMatrix d) {
        d.complete_index1_data();
        for (Size i = 0; i + 1 < d.filled1(); ++i)
            for (Size j = d.index1_data()[i]; j < d.index1_data()[i + 1]; ++j)
                d.value_data()[j] *= b[i];
        return d;
    }
    SparseMatrix dx_, dy_, axes_;
};

typedef double Matrix2[2][2];

void multiply(const Matrix2& a, const Matrix2& b, Matrix2& out) {
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j)
            out[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j];
}

/* exp(-B s) by its series after nine halvings. */
void decay(double s, Matrix2& out) {
    Matrix2 e = {{1, 0}, {0, 1}}, term = {{1, 0}, {0, 1}}, next;
    for (int n = 1; n < 20; ++n) {
        multiply(term, B, next);
        for (int i = 0; i < 4; ++i)
            e[i / 2][i % 2] += term[i / 2][i % 2] = -next[i / 2][i % 2] * s / 512 / n;
    }
    for (int n = 0; n < 9; ++n) {
        multiply(e, e, next);
        std::copy(&next[0][0], &next[0][0] + 4, &e[0][0]);
    }
    std::copy(&e[0][0], &e[0][0] + 4, &out[0][0]);
}

/* u(x,1) = amplitude cos(q.x), its variance by Simpson's rule. */
void exact(double k1, double k2, double q[2], double& amplitude) {
    const int panels = 2048;
    double sum = 0;
    for (int i = 0; i <= panels; ++i) {
        Matrix2 e;
        decay(double(i) / panels, e);
        q[0] = e[0][0] * k1 + e[1][0] * k2;
        q[1] = e[0][1] * k1 + e[1][1] * k2;
        const double f = eta * (Sigma[0][0] * q[0] * q[0] + 2 * Sigma[0][1] * q[0] * q[1] + Sigma[1][1] * q[1] * q[1]);
        sum += f * (i == 0 || i == panels ? 1 : i % 2 ? 4 : 2) / (3. * panels);
    }
    amplitude = std::exp(-sum / 2);
}

void run(bool clustered, double k1, double k2, int n, double eps) {
    const double begin = now();
    std::vector<Real> nodes(n);
    for (int i = 0; i < n; ++i)
        nodes[i] = half * (clustered ? -std::cos(M_PI * i / (n - 1)) : 2. * i / (n - 1) - 1);
    const auto axis = ext::make_shared<Predefined1dMesher>(nodes);
    const auto mesher = ext::make_shared<FdmMesherComposite>(axis, axis);
    const auto op = ext::make_shared<Generator>(mesher);
    const Array x = mesher->locations(0), y = mesher->locations(1);
    Array start(x.size());
    for (Size i = 0; i < x.size(); ++i)
        start[i] = std::cos(k1 * x[i] + k2 * y[i]);
    const double setUp = now() - begin;

    double best = 1e9, spent = 0;
    Array u;
    for (int round = 0; round < 2 || (round < 100 && spent < 1); ++round) {
        const double t = now();
        u = start;
        MethodOfLinesScheme scheme(eps, 0.01, op);
        scheme.setStep(1);
        scheme.step(u, 1);
        best = std::min(best, now() - t);
        spent += now() - t;
    }
    double q[2], amplitude, worst = 0;
    exact(k1, k2, q, amplitude);
    for (Size i = 0; i < x.size(); ++i)
        if (std::hypot(x[i], y[i]) <= radius)
            worst = std::max(worst, std::fabs(u[i] - amplitude * std::cos(q[0] * x[i] + q[1] * y[i])));
    std::printf("%.6e %.6e %.6e\n", best, worst, setUp);
}

}

int main(int argc, char** argv) {
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j)
            B[i][j] = A[i][j] + eta / 2 * (A[i][0] * A[0][j] + A[i][1] * A[1][j]);
    for (int i = 1; i < argc; ++i) {
        char mesh[16];
        double k1, k2, eps;
        int n;
        if (std::sscanf(argv[i], "%15[a-z]:%lf:%lf:%d:%lf", mesh, &k1, &k2, &n, &eps) != 5) {
            std::fprintf(stderr, "quantlib: no job %s\n", argv[i]);
            return 2;
        }
        try {
            run(mesh[0] == 'c', k1, k2, n, eps);
        } catch (std::exception& e) {
            std::fprintf(stderr, "quantlib: %s: %s\n", argv[i], e.what());
            return 1;
        }
    }
}
