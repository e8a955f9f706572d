"""Makes golden_regression.npz with scikit-learn: polynomial features, scaling, least squares, ridge, the perceptron.

pip install scikit-learn numpy && python tests/parity/make_golden_regression.py
"""

from pathlib import Path

import numpy as np
from sklearn.linear_model import LinearRegression, Perceptron, Ridge
from sklearn.preprocessing import MaxAbsScaler, PolynomialFeatures, StandardScaler

rng = np.random.default_rng(17)
out = {}
for name, inputs, degree, rows in (("one15", 1, 15, 60), ("two5", 2, 5, 80), ("three3", 3, 3, 90)):
    x = rng.uniform(-6, 6, (rows, inputs)).astype(np.float32)
    y = np.sin(x[:, :1]) + 0.3 * x[:, -1:] + 0.1 * rng.normal(size=(rows, 1))
    y = y.astype(np.float32)
    made = PolynomialFeatures(degree, include_bias=False)
    features = made.fit_transform(x.astype(np.float64))
    scaled = StandardScaler().fit_transform(features)
    out |= {f"{name}/x": x, f"{name}/y": y, f"{name}/powers": made.powers_, f"{name}/features": features,
            f"{name}/zscore": scaled, f"{name}/max": MaxAbsScaler().fit_transform(features)}  # fmt: skip
    plain = LinearRegression().fit(scaled, y)
    out[f"{name}/least_squares"] = plain.predict(scaled)
    for alpha in (0.01, 1.0, 100.0):
        ridge = Ridge(alpha=alpha, solver="svd").fit(scaled, y)
        out[f"{name}/ridge{alpha}/coef"] = ridge.coef_.ravel()
        out[f"{name}/ridge{alpha}/bias"] = np.ravel(ridge.intercept_)
# a column twice: rank 2 of 3
x = rng.normal(size=(30, 2))
twice = np.concatenate([x, x[:, :1]], axis=1)
y = x @ [1.0, -2.0] + 0.5
out |= {"twice/x": twice, "twice/y": y, "twice/coef": LinearRegression().fit(twice, y).coef_}
# one epoch of Rosenblatt's rule in the given order, eta0 = 1; not from zero, where z = 0 is a matter of convention
x = rng.normal(size=(40, 2)).astype(np.float32)
y = (x @ [1.5, -1.0] + 0.2 > 0).astype(np.float32)
rule = Perceptron(eta0=1.0, shuffle=False, max_iter=1, tol=None, penalty=None)
for epochs in (1, 3):
    rule.set_params(max_iter=epochs)
    with np.errstate(all="ignore"):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rule.fit(x.astype(np.float64), y, coef_init=np.array([[0.3, 0.4]]), intercept_init=np.array([0.1]))
    out[f"perceptron/{epochs}"] = np.append(rule.coef_.ravel(), rule.intercept_)
out |= {"perceptron/x": x, "perceptron/y": y}
np.savez_compressed(Path(__file__).parent / "golden_regression.npz", **out)
