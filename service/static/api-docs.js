// Draws the API's description. Validation by a foreign site, which the viewer would ask for, is switched off.
(function () {
  var place = document.getElementById("api");
  SwaggerUIBundle({ url: place.dataset.description, domNode: place, validatorUrl: null, defaultModelsExpandDepth: 0 });
})();
